// SPDX-License-Identifier: Apache-2.0
#include "proxy/prometheus_text.h"

#include "absl/strings/string_view.h"
#include "proxy/prometheus_writer.h"
#include "proxy/termination.h"

namespace vios {
namespace {

using Labels = PrometheusWriter::Labels;

double Value(uint64_t number) { return static_cast<double>(number); }

class Text {
 public:
  explicit Text(const DaemonStatus& status)
      : status_(status),
        metrics_(status.metrics),
        is_guest_(status.role == Role::kGuest),
        guests_(status.metrics.guests) {
    if (is_guest_) guests_.try_emplace("");  // Zeros while there is no channel.
  }

  std::string Render() {
    AddDaemon();
    AddConnections();
    if (status_.queue) AddQueue();
    AddChannels();
    AddOddities();
    AddProcess();
    return writer_.text();
  }

 private:
  Labels Service(Labels more = {}) const {
    more.insert(more.begin(), {"service", status_.service});
    return more;
  }
  // The guest daemon knows of one guest, and not its name.
  Labels Guest(absl::string_view name, Labels more = {}) const {
    if (!is_guest_) more.insert(more.begin(), {"guest", name});
    return more;
  }
  // A counter of one number for each guest.
  void PerGuest(const char* name, const char* help,
                uint64_t ChannelTotals::*number) {
    writer_.Counter(name, help);
    for (const auto& [guest, figures] : guests_) {
      writer_.Sample(Guest(guest), Value(figures.totals.*number));
    }
  }

  void AddDaemon() {
    writer_.Gauge("viosproxy_build_info", "Which program this is; always 1.");
    writer_.Sample(
        {{"version", status_.version}, {"role", RoleName(status_.role)}}, 1);
    writer_.Gauge("viosproxy_draining",
                  "1 once no new sessions are begun, else 0.");
    writer_.Sample(status_.draining ? 1 : 0);
  }

  void AddConnections() {
    writer_.Counter("viosproxy_connections_total",
                    "Sessions, and clients that got none, by how they ended.");
    for (const Termination result : AllTerminations()) {
      writer_.Sample(Service({{"result", TerminationName(result)}}),
                     Value(metrics_.ended[static_cast<size_t>(result)]));
    }
    writer_.Gauge("viosproxy_connections_active",
                  "Sessions now, those that are being set up included.");
    writer_.Sample(Service(),
                   Value(CountChannels(status_, ChannelState::kBusy)));
    writer_.Counter("viosproxy_bytes_total", "Relayed bytes of sessions.");
    writer_.Sample(Service({{"direction", "to_service"}}),
                   Value(metrics_.all.up_bytes));
    writer_.Sample(Service({{"direction", "from_service"}}),
                   Value(metrics_.all.down_bytes));
    writer_.Add("viosproxy_connection_duration_seconds",
                "From the beginning of a session to its end.", Service(),
                metrics_.duration);
    if (!is_guest_) {
      writer_.Add("viosproxy_connect_seconds",
                  "Connecting to the service, where that succeeded.", Service(),
                  metrics_.connect);
    }
    writer_.Add("viosproxy_handshake_seconds",
                is_guest_ ? "From asking the host for a session to having it, "
                            "its connecting to the service included."
                          : "From granting a session to the guest's answer.",
                {}, metrics_.handshake);
  }

  void AddQueue() {
    writer_.Gauge("viosproxy_queue_length",
                  "Clients that wait for a free channel.");
    writer_.Sample(Service(), Value(status_.queue->length));
    writer_.Gauge("viosproxy_queue_limit", "How many clients may wait.");
    writer_.Sample(Service(), Value(status_.queue->limit));
    writer_.Add("viosproxy_queue_wait_seconds",
                "How long clients waited for a free channel, those that got "
                "none included.",
                {}, metrics_.queue_wait);
  }

  void AddChannels() {
    writer_.Gauge("viosproxy_channels", "Channels by what they are doing.");
    for (const auto& [guest, figures] : guests_) {
      for (size_t i = 0; i < kChannelStates; ++i) {
        const auto state = ChannelStateName(static_cast<ChannelState>(i));
        writer_.Sample(Guest(guest, {{"state", state}}),
                       Value(figures.channels[i]));
      }
    }
    PerGuest("viosproxy_channel_reconnects_total",
             "Connections of a channel after its first.",
             &ChannelTotals::reconnects);
  }

  void AddOddities() {
    PerGuest("viosproxy_resyncs_total",
             "Frames found behind bytes that had to be skipped.",
             &ChannelTotals::resyncs);
    PerGuest("viosproxy_resync_skipped_bytes_total",
             "Bytes that belonged to no frame, preambles included.",
             &ChannelTotals::skipped_bytes);
    PerGuest("viosproxy_stale_frames_total",
             "Frames of sessions that are over, which were dropped.",
             &ChannelTotals::stale_frames);
    writer_.Counter("viosproxy_stall_recoveries_total",
                    "I/O that was possible and that no wake-up had told of.");
    for (const auto& [guest, figures] : guests_) {
      writer_.Sample(Guest(guest, {{"op", "read"}}),
                     Value(figures.totals.read_recoveries));
      writer_.Sample(Guest(guest, {{"op", "write"}}),
                     Value(figures.totals.write_recoveries));
    }
    writer_.Counter("viosproxy_protocol_errors_total",
                    "What a peer got wrong, or the channel damaged.");
    for (const auto& [guest, figures] : guests_) {
      for (size_t i = 0; i < kProtocolErrorKinds; ++i) {
        const auto kind =
            ProtocolErrorKindName(static_cast<ProtocolErrorKind>(i));
        writer_.Sample(Guest(guest, {{"kind", kind}}),
                       Value(figures.totals.protocol_errors[i]));
      }
    }
    writer_.Counter("viosproxy_rate_limited_total",
                    "What was left out because there was too much of it, "
                    "and lines of the log that stderr did not take.");
    writer_.Sample({{"what", "log_line"}}, Value(metrics_.dropped_log_lines));
    writer_.Sample({{"what", "answer"}}, Value(metrics_.all.dropped_answers));
  }

  template <typename T>
  void Optional(const char* name, const char* help,
                const std::optional<T>& value) {
    if (!value) return;
    writer_.Gauge(name, help);
    writer_.Sample(static_cast<double>(*value));
  }

  void AddProcess() {
    const ProcessStatus& process = status_.process;
    writer_.Gauge("process_start_time_seconds",
                  "When the daemon started, in seconds since 1970.");
    writer_.Sample(static_cast<double>(absl::ToUnixMillis(status_.started)) /
                   1000);
    if (process.cpu_seconds) {
      writer_.Counter("process_cpu_seconds_total",
                      "Processor time of the daemon.");
      writer_.Sample(*process.cpu_seconds);
    }
    Optional("process_open_fds", "Open file descriptors.", process.open_fds);
    Optional("process_max_fds", "File descriptors that may be open.",
             process.max_fds);
    Optional("process_threads", "Threads.", process.threads);
    Optional("process_resident_memory_bytes", "Resident memory.",
             process.resident_bytes);
    Optional("process_virtual_memory_bytes", "Virtual memory.",
             process.virtual_bytes);
  }

  const DaemonStatus& status_;
  const MetricsSnapshot& metrics_;
  const bool is_guest_;
  std::map<std::string, GuestFigures> guests_;
  PrometheusWriter writer_;
};

}  // namespace

std::string PrometheusText(const DaemonStatus& status) {
  return Text(status).Render();
}

}  // namespace vios
