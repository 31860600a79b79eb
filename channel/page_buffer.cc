// SPDX-License-Identifier: Apache-2.0
#include "channel/page_buffer.h"

#include <sys/mman.h>

#include <new>

#include "channel/sanitizer.h"

namespace vios {
namespace {

uint8_t* Map(size_t size) {
  while (true) {
    void* const start = ::mmap(nullptr, size, PROT_READ | PROT_WRITE,
                               MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (start != MAP_FAILED) {
      // Best effort: else a channel at rest may hold 2 MiB for a page of these.
      (void)::madvise(start, size, MADV_NOHUGEPAGE);
      return static_cast<uint8_t*>(start);
    }
    const std::new_handler handler = std::get_new_handler();
    if (handler == nullptr) throw std::bad_alloc();
    handler();
  }
}

}  // namespace

// AddressSanitizer watches only over what it hands out itself, and over what
// lies in front of it only when that is nobody's.
PageBuffer::PageBuffer(size_t size, size_t behind)
    : behind_(kAddressSanitizer ? 0 : behind),
      size_(size + behind_),
      pages_(kAddressSanitizer ? new uint8_t[size_] : Map(size_)) {}

PageBuffer::~PageBuffer() {
  if (kAddressSanitizer) {
    delete[] pages_;
  } else {
    (void)::munmap(pages_, size_);
  }
}

}  // namespace vios
