// SPDX-License-Identifier: Apache-2.0
//
// The life of sessions on one channel, for spin; check.sh runs it.
//
// Modelled is what the code does: one guest and one host daemon that are ours,
// with options; a ring each way; two clients one after the other. The first
// sends, ends or aborts as it likes, as does its service, which may also refuse;
// the second comes when faults are over, is patient, and so is its service.
// States have the names of the code
// (channel/handshake.cc, channel/inbound.cc, proxy/guest_role.cc,
// proxy/host_role.cc, proxy/tcp_to_channel.cc, proxy/channel_to_tcp.cc).
// FAULTS times in all, at any step: a daemon is replaced, a stretch of a ring is
// lost, from the middle of a frame to the middle of another, or a time-out comes
// early. A replaced daemon tears what it is writing, and the end that remains
// may or may not notice; a replaced host may be one that hears nothing (QEMU
// takes nothing from the guest) until it leaves and comes back.
//
// Of a frame that was torn, a DATA frame or one torn inside its header swallows
// what follows for as long as it likes, unless that is a preamble; the short
// ones are completed by what comes next. It may then pass for a frame.
//
// Not modelled: clocks (a time-out comes early as a fault, or when nothing else
// can happen), bytes and sizes, base sessions, a full TCP side, frames that come
// twice, several channels, an orderly shutdown.
//
// Checked: the assertions below (what is handed on is of this session and in
// order, an end of file comes when all has come, the host is done with the last
// session when the guest's channel is free, the patient client is served at its
// first or second try), and that every run ends with it served and both ends
// agreeing that the channel is free. The conditions NO_..., SYN_IGNORED and so on
// break a rule each; every one must be caught.
//
// With the limits below 2 million states. Two faults that keep frames whole
// (-DFAULTS=2 -DWHOLE_FRAMES) are 7 million and hold as well.

#ifndef FAULTS
#define FAULTS 1
#endif
#ifndef CLIENTS
#define CLIENTS 1 // Before the patient one.
#endif
#ifndef UNITS
#define UNITS 1   // DATA frames each way in a session, at most.
#endif
#ifndef RING
#define RING 4    // Frames that a ring holds.
#endif
#ifndef WHOLE_FRAMES
#define TORN_FRAMES true
#define TRIES 2   // How often the patient client may have to come.
#else
#define TORN_FRAMES false
#define TRIES 1
#endif

#define TORN 14   // As a number: the rest of this frame never came.
#define NOBODY 13 // A token that is none: the header was torn.
#define BAD 15    // As a number or count: bytes of another frame.

mtype = {
  // Daemon states.
  GREETING, CLOSED, SYN_SENT, PROBING,            // Guest; CLOSED is free.
  LISTEN, DIALLING, SYN_RCVD,                     // Host.
  ESTABLISHED, FINISHING,                         // Both.
  // What is in a ring. FAR_END_LEFT is what a guest reads when the host left.
  SYN, SYNACK, ACK, DATA, FIN, FINACK, RESET, PING, PONG,
  PREAMBLE, JUNK, FAR_END_LEFT, NOTHING
};

#define GUEST 0
#define HOST 1
#define guest end[GUEST]
#define host end[HOST]

typedef End {
  mtype state;
  byte token;             // The guest's token stands for both: it is unique.
  bit due;                // What the state begins with is still to be written.
  bit reset_unknown_host; // The RESET to be written has host token ????.
  bit unheard;            // Nothing answered the SYN, or the PING, in time.
  bit preamble_due;
  bit peer_has_options;
  bit owes_pong;
  byte pong;
  byte owes_unknown;      // The token of a session that is not there.
  mtype torn;             // In the reader: a frame that is not complete,
  byte torn_token;        // and its token.
  // Session.
  bit fin_sent;
  bit fin_received;
  bit fin_ack_sent;
  bit fin_ack_received;
  byte next_sent;         // Numbers.
  byte next_received;
  byte sent;              // Units from TCP, and to TCP.
  byte delivered;
}

End end[2];

// Type; guest token, 0 is RRRR; number, or what a PING wants back; and what the
// daemons do not see: for DATA which unit it is, for FIN how many there were,
// for RESET whether the host token is known.
chan to_host = [RING] of { mtype, byte, byte, byte };
chan to_guest = [RING] of { mtype, byte, byte, byte };

byte budget = FAULTS;
bool over;                // No more faults.
bool mute;                // QEMU takes nothing from the guest.
bit turn;                 // Whose PING is due first.
bool asked;               // The host has asked the guest since the last frame.
byte clients = CLIENTS;   // Still to come.
byte last_token;
byte tries;
bool patient;             // The session is the patient client's.
bool served;              // And it was served.

// The frame in hand; set and used within one step.
hidden mtype what;
hidden byte whose;
hidden byte number;
hidden byte units;

// Whether the reader goes on: what follows belongs to the next session.
#define reads(me) (!(end[me].fin_received && end[me].fin_ack_received))

#define answers_owed(me) (end[me].owes_pong || end[me].owes_unknown)
#define session_waits(me) (end[me].state == ESTABLISHED && !end[me].due && \
  end[me].fin_sent && (!end[me].fin_received || end[me].fin_ack_sent) && \
  reads(me))
#define client_comes (clients > 0 || (over && !served))
#define guest_waits (session_waits(GUEST) || \
  (!guest.preamble_due && !answers_owed(GUEST) && !guest.due && \
   ((guest.state == CLOSED && !client_comes) || guest.state == SYN_SENT || \
    guest.state == PROBING)))
#define host_waits (session_waits(HOST) || \
  (!answers_owed(HOST) && !host.due && \
   (host.state == LISTEN || host.state == SYN_RCVD)))
// Nothing moves until somebody's clock does.
#define quiet (len(to_host) == 0 && len(to_guest) == 0 && guest_waits && \
  host_waits)
#define early (budget > 0)

#define idle (guest.state == CLOSED && host.state == LISTEN && \
  len(to_host) == 0 && len(to_guest) == 0 && !answers_owed(GUEST) && \
  !answers_owed(HOST))

ltl heals { <> (served && idle) }

// ---- Reading.

#ifdef PROBE_TAKES_ALL
#define PROBE_HUNTS false
#else
#define PROBE_HUNTS true
#endif

// What hunts for certain frames looks into every other.
#define is_probe(a, b) ((a == PING || a == PONG) && b == 0)
#define answers_syn(a, b) (is_probe(a, b) || \
  ((a == SYNACK || a == RESET) && b == guest.token))
#define wanted_by_guest(a, b) \
  ((guest.state != SYN_SENT || answers_syn(a, b)) && \
   (guest.state != PROBING || !guest.unheard || !PROBE_HUNTS || \
    is_probe(a, b)))
#define is_frame(a) (a != NOTHING && a != JUNK && a != PREAMBLE)
#define wanted_by(me, a, b) (me == HOST || wanted_by_guest(a, b))


// Takes the next thing off the ring; NOTHING when that makes no frame.
inline read(me, ring) {
  ring ? what, whose, number, units;
  if
  :: what == FAR_END_LEFT
  :: end[me].torn && what != FAR_END_LEFT ->
    if
    :: true ->  // What came completes the torn frame.
      what = end[me].torn; whose = end[me].torn_token; number = BAD;
      units = (what == RESET -> 1 : BAD);
      end[me].torn = 0; end[me].torn_token = 0
    :: what == PREAMBLE ->  // Or its rest is what counts.
      end[me].torn = 0; end[me].torn_token = 0
    :: what != PREAMBLE && end[me].torn == DATA ->  // Or it swallows that.
#ifndef NO_LOOK_INSIDE
      // A frame of the session cannot be inside another.
      if
      :: end[me].state == ESTABLISHED && whose == end[me].token && what != JUNK ->
        what = JUNK; end[me].torn = 0; end[me].torn_token = 0
      :: else -> what = NOTHING
      fi
#else
      what = NOTHING
#endif
    fi
  :: !end[me].torn && number == TORN ->
    if
    :: wanted_by(me, what, whose) -> end[me].torn = what; end[me].torn_token = whose
    :: else
    fi;
    what = NOTHING
  :: else
  fi;
  if
  :: what == PING || what == PONG || what == FIN || what == FINACK ||
     what == SYN || what == SYNACK -> end[me].peer_has_options = 1
  :: else
  fi;
  if
  :: me == HOST && is_frame(what) -> asked = false
  :: else
  fi
}

// Channel::AnswerStray().
inline answer_stray(me) {
  if
  :: what == PING && whose == 0 -> end[me].owes_pong = 1; end[me].pong = number
  :: (what == PING && whose != 0) || what == ACK || what == DATA || what == FIN ||
     what == FINACK || what == SYNACK ->
#ifndef NO_UNKNOWN
    if
    :: end[me].owes_unknown = whose
    :: what != PING  // At most once a second.
    fi
#else
    skip
#endif
  :: else
  fi
}

// ---- The life of an end.

inline forget_session(me) {
  end[me].token = 0; end[me].due = 0; end[me].reset_unknown_host = 0;
  end[me].unheard = 0;
  end[me].fin_sent = 0; end[me].fin_received = 0;
  end[me].fin_ack_sent = 0; end[me].fin_ack_received = 0;
  end[me].next_sent = 0; end[me].next_received = 0;
  end[me].sent = 0; end[me].delivered = 0
}

// A new Channel, or Channel::Restart().
inline forget_channel(me) {
  forget_session(me);
  end[me].peer_has_options = 0;
  end[me].owes_pong = 0; end[me].pong = 0; end[me].owes_unknown = 0;
  end[me].torn = 0; end[me].torn_token = 0;
  end[me].preamble_due = 1
}

// The host is done with the last session: nothing of it is still to come.
#define host_is_done (host.state == LISTEN || host.state == FINISHING || \
  (host.state == ESTABLISHED && host.fin_sent && host.fin_received))

inline guest_is_free() {
  assert(host_is_done);
  forget_session(GUEST);
  patient = false;
  guest.state = CLOSED
}

// GuestRole::ServeClients() behind a session that left doubts.
inline guest_doubts() {
  whose = guest.token;
#ifndef NO_PREAMBLE_BEHIND_SILENCE
  if
  :: guest.unheard -> guest.preamble_due = 1
  :: else
  fi;
#endif
  if
#ifndef NO_PROBE
  :: guest.peer_has_options ->
    forget_session(GUEST);
    guest.token = whose;  // As good as any nonce.
    guest.due = 1;
    guest.state = PROBING
  :: !guest.peer_has_options -> forget_session(GUEST); guest.state = CLOSED
#else
  :: true -> guest_is_free()
#endif
  fi;
  patient = false
}

inline guest_greets() {
  forget_channel(GUEST);
  patient = false;
  guest.due = 1;
  guest.state = GREETING
}

inline host_listens() {
  forget_session(HOST);
  host.state = LISTEN
}

// TakeSyn().
inline host_takes_syn() {
  forget_session(HOST);
  host.token = whose;
  host.owes_unknown = 0;
  host.state = DIALLING
}

// An end of the session that the peer is told by RESET.
inline give_up(me) {
  end[me].due = 1;
  end[me].state = FINISHING
}

// ---- In a session: TcpToChannel and ChannelToTcp.

inline count_frame(me) { end[me].next_sent = (end[me].next_sent + 1) % 8 }

inline end_cleanly(me) {
  assert(end[me].fin_sent && end[me].fin_received);
  if
  :: me == GUEST ->
    if
    :: patient -> served = true
    :: else
    fi;
    guest_is_free()
  :: me == HOST -> host_listens()
  fi
}

inline own_frame(me) {
  if
  :: what == RESET && units == 1 ->
#ifdef RESET_IS_CLEAN
    end_cleanly(me)
#else
    if
    :: me == GUEST -> guest_is_free()
    :: me == HOST -> host_listens()
    fi
#endif
  :: what == RESET && units != 1  // Another host token: foreign.
#ifndef NO_NUMBERS
  :: (what == DATA || what == FIN || what == FINACK || what == PING) &&
     number != end[me].next_received -> give_up(me)
  :: (what == DATA || what == FIN || what == FINACK || what == PING) &&
     number == end[me].next_received ->
#else
  :: what == DATA || what == FIN || what == FINACK || what == PING ->
#endif
    end[me].next_received = (end[me].next_received + 1) % 8;
    if
    :: (what == DATA || what == FIN) && end[me].fin_received -> give_up(me)
    :: what == FINACK && (!end[me].fin_sent || end[me].fin_ack_received) ->
      give_up(me)
    :: what == DATA && !end[me].fin_received ->
      // No foreign data, nothing missing, nothing twice, nothing damaged.
      assert(whose == end[me].token && units == end[me].delivered + 1);
      end[me].delivered = units
    :: what == FIN && !end[me].fin_received ->
      // The application sees a clean end.
      assert(whose == end[me].token && units == end[me].delivered);
      end[me].fin_received = 1
    :: what == FINACK && end[me].fin_sent && !end[me].fin_ack_received ->
      end[me].fin_ack_received = 1
    :: what == PING
    fi
  :: what == SYN || what == SYNACK || what == ACK -> give_up(me)
  :: else  // PONG.
  fi
}

inline in_session(me) {
  if
  :: what == NOTHING
  :: what == JUNK || what == PREAMBLE -> give_up(me)
  :: what == FAR_END_LEFT -> guest_greets()
  :: what != NOTHING && what != JUNK && what != PREAMBLE && what != FAR_END_LEFT &&
     whose == end[me].token ->
    own_frame(me)
  :: what == PING && whose == 0 ->
    answer_stray(me);
    if
    :: me == GUEST -> guest_doubts()
    :: me == HOST -> host_listens()
    fi
  :: what == SYN && whose != end[me].token && me == HOST ->
#ifndef SYN_IGNORED
    host_takes_syn()
#else
    skip
#endif
  :: else  // Counted.
  fi
}

// What still comes while the last frame cannot be written.
inline drain(me) {
  if
  :: what == FAR_END_LEFT -> guest_greets()
  :: what == SYN && me == HOST -> host_takes_syn()
  :: what != FAR_END_LEFT && what != SYN && is_frame(what) &&
     whose != end[me].token -> answer_stray(me)
  :: else
  fi
}

// Clocks that run down before that of a session's PING does.
#define sooner (guest.state == SYN_SENT || guest.state == PROBING || \
  host.state == SYN_RCVD || (host.state == LISTEN && host.torn))

// The choices of an end in a session, as options of its loop.
#define SESSION(me, in, out) \
  :: atomic { end[me].state == ESTABLISHED && reads(me) && nempty(in) && \
     !(me == HOST && mute) -> read(me, in); in_session(me) } \
  :: atomic { end[me].state == FINISHING && full(out) && nempty(in) && \
     !(me == HOST && mute) -> read(me, in); drain(me) } \
  :: atomic { end[me].state == ESTABLISHED && !end[me].due && \
     !end[me].fin_sent && end[me].sent < UNITS && nfull(out) -> \
     end[me].sent++; \
     out ! DATA, end[me].token, end[me].next_sent, end[me].sent; count_frame(me) } \
  :: atomic { end[me].state == ESTABLISHED && !end[me].due && \
     !end[me].fin_sent && nfull(out) -> \
     out ! FIN, end[me].token, end[me].next_sent, end[me].sent; count_frame(me); \
     end[me].fin_sent = 1 } \
  :: atomic { end[me].state == ESTABLISHED && !end[me].due && \
     end[me].fin_received && !end[me].fin_ack_sent && nfull(out) -> \
     out ! FINACK, end[me].token, end[me].next_sent, 0; count_frame(me); \
     end[me].fin_ack_sent = 1 } \
  :: atomic { IN_SESSION_PING && quiet && session_waits(me) && \
     !sooner && (turn == me || !session_waits(1 - me)) -> \
     out ! PING, end[me].token, end[me].next_sent, 0; count_frame(me); \
     turn = 1 - me } \
  :: atomic { end[me].state == ESTABLISHED && end[me].fin_sent && \
     end[me].fin_received && end[me].fin_ack_sent && \
     (end[me].fin_ack_received || FINACK_IS_NOT_AWAITED) -> end_cleanly(me) } \
  :: atomic { end[me].state == ESTABLISHED && !patient && \
     !(end[me].fin_sent && end[me].fin_received) -> give_up(me) }

#ifdef NO_PING
#define IN_SESSION_PING false
#else
#define IN_SESSION_PING true
#endif
#ifdef NO_FINACK
#define FINACK_IS_NOT_AWAITED true
#else
#define FINACK_IS_NOT_AWAITED false
#endif

// Answers that are owed out of session.
#define ANSWERS(me, out) \
  :: atomic { end[me].owes_pong && may_answer(me) && nfull(out) -> \
     out ! PONG, 0, end[me].pong, 0; end[me].owes_pong = 0; end[me].pong = 0 } \
  :: atomic { !end[me].owes_pong && end[me].owes_unknown && may_answer(me) && \
     nfull(out) -> \
     out ! RESET, end[me].owes_unknown, 0, 1; end[me].owes_unknown = 0 }

#define may_answer(me) (!end[me].due && end[me].state != ESTABLISHED && \
  end[me].state != GREETING && \
  !(end[me].preamble_due && (me == GUEST || host.peer_has_options)))

// ---- Faults.

hidden byte to_go;
hidden byte phase;

// Loses any stretch of a ring, `from` 1 one at its beginning. The frame where it
// begins may be torn, of the one where it ends a piece may remain.
inline lose(ring, from) {
  to_go = len(ring);
  phase = from;
  do
  :: to_go == 0 -> break
  :: to_go > 0 ->
    ring ? what, whose, number, units;
    to_go--;
    if
    :: phase == 0 -> ring ! what, whose, number, units
    :: phase == 0 && what != FAR_END_LEFT ->
      phase = 1;
      if
      :: true
      :: TORN_FRAMES && what != PREAMBLE && what != JUNK ->
        ring ! what, whose, TORN, units
      :: TORN_FRAMES && what != PREAMBLE && what != JUNK ->
        ring ! DATA, NOBODY, TORN, 0
      :: TORN_FRAMES && what != PREAMBLE -> ring ! JUNK, 0, 0, 0; phase = 2
      fi
    :: phase == 1 && what != FAR_END_LEFT
    :: phase == 1 && what != FAR_END_LEFT ->
      phase = 2;
      if
      :: TORN_FRAMES -> ring ! JUNK, 0, 0, 0
      :: true
      fi
    :: phase == 1 && what == FAR_END_LEFT -> ring ! what, whose, number, units
    :: phase == 2 -> ring ! what, whose, number, units
    fi
  od
}

// What a daemon that dies was writing.
inline tear(me, ring) {
  if
  :: TORN_FRAMES && end[me].state == ESTABLISHED && !end[me].fin_sent && nfull(ring) ->
    ring ! DATA, end[me].token, TORN, 0
  :: TORN_FRAMES && end[me].state == ESTABLISHED && end[me].fin_received &&
     !end[me].fin_ack_sent && nfull(ring) ->
    ring ! FINACK, end[me].token, TORN, 0
  :: TORN_FRAMES && end[me].state == SYN_SENT && end[me].due && nfull(ring) ->
    ring ! SYN, end[me].token, TORN, 0
  :: TORN_FRAMES && end[me].state == SYN_RCVD && end[me].due && nfull(ring) ->
    ring ! SYNACK, end[me].token, TORN, 0
  :: TORN_FRAMES && (answers_owed(me) || end[me].due) && nfull(ring) ->
    ring ! DATA, NOBODY, TORN, 0
  :: true
  fi
}

// ---- The guest.

inline guest_reads() {
  read(GUEST, to_guest);
  if
  :: what == NOTHING
  :: what == FAR_END_LEFT ->
    if
    :: guest.state == SYN_SENT && !patient -> clients++  // PutBack().
    :: guest.state == SYN_SENT && patient -> tries--
    :: guest.state != SYN_SENT
    fi;
    guest_greets()
  :: what != NOTHING && what != FAR_END_LEFT && guest.state == SYN_SENT ->
    if
    :: what == SYNACK && whose == guest.token -> guest.due = 1; guest.state = ESTABLISHED
    :: what == RESET && whose == guest.token -> guest_is_free()
    :: what == PING && whose == 0 -> answer_stray(GUEST)
    :: else
    fi
  :: what == PONG && guest.state == PROBING && number == guest.token -> guest_is_free()
  :: what != NOTHING && what != FAR_END_LEFT && guest.state == PROBING &&
     !(what == PONG && number == guest.token) ->
    if
    :: wanted_by_guest(what, whose) -> answer_stray(GUEST)
    :: else
    fi
  :: what != NOTHING && what != FAR_END_LEFT && guest.state == CLOSED ->
    answer_stray(GUEST)
  fi
}

inline guest_takes_client() {
  if
  :: clients > 0 -> clients--
  :: else -> patient = true; tries++; assert(tries <= TRIES)
  fi;
  last_token++;
  assert(last_token < NOBODY);
  guest.token = last_token;
  guest.owes_unknown = 0;
  guest.torn = 0; guest.torn_token = 0;  // It hunts now.
  guest.due = 1;
  guest.state = SYN_SENT
}

active proctype Guest() {
  atomic { guest_greets() };
endguest:
  do
  :: atomic { guest.preamble_due && guest.state != ESTABLISHED &&
     guest.state != FINISHING && nfull(to_host) ->
#ifndef NO_PREAMBLE
     to_host ! PREAMBLE, 0, 0, 0;
#endif
     guest.preamble_due = 0 }
  // Does not read, but notices that the host leaves, for which this makes room.
  :: atomic { guest.state == GREETING && full(to_host) && full(to_guest) ->
     read(GUEST, to_guest); drain(GUEST) }
  :: atomic { guest.state == GREETING && !guest.preamble_due && nfull(to_host) ->
     to_host ! PING, 0, 0, 0; guest.due = 0; guest.state = CLOSED }
  ANSWERS(GUEST, to_host)
  :: atomic { (guest.state == CLOSED || guest.state == SYN_SENT ||
     guest.state == PROBING) && nempty(to_guest) -> guest_reads() }
  :: atomic { guest.state == CLOSED && client_comes -> guest_takes_client() }
  :: atomic { guest.state == SYN_SENT && guest.due && !guest.preamble_due &&
     nfull(to_host) ->
     to_host ! SYN, guest.token, 0, 0; guest.due = 0 }
  // The client hangs up, or nothing comes in time.
  :: atomic { guest.state == SYN_SENT && !guest.due && !patient ->
     guest.reset_unknown_host = 1; give_up(GUEST) }
  :: atomic { guest.state == SYN_SENT && !guest.due && (quiet || early) ->
     budget = (quiet -> budget : budget - 1); guest.unheard = 1;
     guest.reset_unknown_host = 1; give_up(GUEST) }
  :: atomic { guest.state == ESTABLISHED && guest.due && nfull(to_host) ->
     to_host ! ACK, guest.token, 0, 0; guest.due = 0 }
  SESSION(GUEST, to_guest, to_host)
  :: atomic { guest.state == FINISHING && nfull(to_host) ->
     to_host ! RESET, guest.token, 0, (guest.reset_unknown_host -> 0 : 1);
     guest_doubts() }
  :: atomic { guest.state == PROBING && guest.due && !guest.preamble_due &&
     nfull(to_host) -> to_host ! PING, 0, guest.token, 0; guest.due = 0 }
  :: atomic { guest.state == PROBING && !guest.due && (quiet || early) ->
     budget = (quiet -> budget : budget - 1);
     guest.unheard = 1;
     if
     :: guest.torn && !wanted_by_guest(guest.torn, guest.torn_token) ->
       guest.torn = 0; guest.torn_token = 0
     :: else
     fi;
#ifndef NO_SECOND_PREAMBLE
     guest.preamble_due = 1;
#endif
     guest.due = 1 }
  od
}

// ---- The host.

// Out of session, and while a session is made. JUNK and preambles are skipped.
inline host_reads() {
  read(HOST, to_host);
  if
  :: what == SYN -> host_takes_syn()
  :: what == PING && whose == 0 ->
    answer_stray(HOST);
    host_listens()
  :: what != SYN && !(what == PING && whose == 0) && host.state == LISTEN ->
    answer_stray(HOST)
  :: what == RESET && whose == host.token &&
     ((host.state == DIALLING && units == 0) || host.state == SYN_RCVD) ->
    host_listens()
  :: host.state == SYN_RCVD && whose == host.token && what == ACK ->
    host.state = ESTABLISHED
  :: host.state == SYN_RCVD && whose == host.token &&
     (what == DATA || what == FIN || what == FINACK || what == PING || what == SYNACK) ->
    give_up(HOST)
  :: else
  fi
}

#define host_may_write (nfull(to_guest) && \
  !(host.preamble_due && host.peer_has_options))
#define host_has_to_write (answers_owed(HOST) || host.due)

#ifdef NO_SILENCE
#define silent false
#else
#define silent ((mute || quiet) && host.state == LISTEN && \
  (mute || (host.torn && asked)))
#endif

inline host_is_new() {
  lose(to_host, 1);
  lose(to_guest, 0);
  forget_channel(HOST);
  mute = false;
  asked = false;
  host.state = LISTEN
}

active proctype Host() {
  atomic { forget_channel(HOST); host.state = LISTEN };
endhost:
  do
  :: atomic { host.preamble_due && host.peer_has_options && host_has_to_write &&
     nfull(to_guest) && host.state != ESTABLISHED ->
     to_guest ! PREAMBLE, 0, 0, 0; host.preamble_due = 0 }
  ANSWERS(HOST, to_guest)
  :: atomic { (host.state == LISTEN || host.state == DIALLING ||
     (host.state == SYN_RCVD && (!host.due || full(to_guest)))) && !mute && nempty(to_host) ->
     host_reads() }
  :: atomic { host.state == DIALLING -> host.due = 1; host.state = SYN_RCVD }
  :: atomic { host.state == DIALLING && (!patient || host.token != guest.token)
     -> host.reset_unknown_host = 1; give_up(HOST) }
  :: atomic { host.state == SYN_RCVD && host.due && host_may_write ->
     to_guest ! SYNACK, host.token, 0, 0; host.due = 0 }
  :: atomic { host.state == SYN_RCVD && !host.due && (quiet || early) ->
     budget = (quiet -> budget : budget - 1); give_up(HOST) }
  SESSION(HOST, to_host, to_guest)
  :: atomic { host.state == FINISHING && host_may_write ->
     to_guest ! RESET, host.token, 0, (host.reset_unknown_host -> 0 : 1);
     host_listens() }
  // Silence: it asks, and it leaves and comes back.
  :: atomic { host.state == LISTEN && host.peer_has_options &&
     host_may_write && (early || (quiet && host.torn && !asked)) ->
     budget = (quiet && host.torn && !asked -> budget : budget - 1);
     asked = true; to_guest ! PING, 0, 0, 0 }
  :: atomic { host.state == LISTEN && nfull(to_guest) && (early || silent) ->
     budget = (silent -> budget : budget - 1);
     host_is_new();
     to_guest ! FAR_END_LEFT, 0, 0, 0 }
  od
}

active proctype Faults() {
endfaults:
  do
  :: atomic { budget > 0 ->
     budget--; tear(GUEST, to_host); lose(to_host, 0); lose(to_guest, 1);
     guest_greets() }
  :: atomic { budget > 0 ->
     budget--; tear(HOST, to_guest); host_is_new();
     if
     :: mute = true
     :: true
     fi;
     if
     :: true
     :: nfull(to_guest) -> to_guest ! FAR_END_LEFT, 0, 0, 0
     fi }
  :: atomic { budget > 0 -> budget--; lose(to_host, 0) }
  :: atomic { budget > 0 -> budget--; lose(to_guest, 0) }
  :: atomic { !over -> over = true; budget = 0; what = 0; break }
  od
}
