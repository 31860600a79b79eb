// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_CHANNEL_PAGE_BUFFER_H_
#define VIOS_PROXY_CHANNEL_PAGE_BUFFER_H_

#include <cstddef>
#include <cstdint>

namespace vios {

// Bytes that begin at a page, or a known way behind one's start, and have
// nothing in front of them as those of malloc() have: a page is touched when it
// is written to, no sooner. Their values are indeterminate. Not thread-safe.
//
// Why it matters where they begin: the kernel copies from and to whole pages.
// To an address a little further into its page than the one it copies from,
// each store has the low 12 bits of a load that follows, and the processor
// waits. A byte that came over 200 channels took the host daemon 1.2 times as
// long 16 bytes behind a page's start, where malloc() puts a large block, as at
// it; a byte that went there 1.4 times as long at it as in the middle, since a
// frame's header shifts its payload (tools/bench --scale, on an AMD EPYC; on a
// Xeon there is no difference to be seen).
class PageBuffer {
 public:
  // `behind` bytes from the start of a page. Without memory it does what `new`
  // does: asks the new-handler, which may wait, and throws without one.
  explicit PageBuffer(size_t size, size_t behind = 0);
  PageBuffer(const PageBuffer&) = delete;
  PageBuffer& operator=(const PageBuffer&) = delete;
  ~PageBuffer();

  uint8_t* get() const { return pages_ + behind_; }

 private:
  const size_t behind_;
  const size_t size_;  // With what is in front.
  uint8_t* const pages_;
};

}  // namespace vios

#endif  // VIOS_PROXY_CHANNEL_PAGE_BUFFER_H_
