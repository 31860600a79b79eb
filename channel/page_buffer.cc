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
    if (start != MAP_FAILED) return static_cast<uint8_t*>(start);
    const std::new_handler handler = std::get_new_handler();
    if (handler == nullptr) throw std::bad_alloc();
    handler();
  }
}

}  // namespace

// AddressSanitizer watches only over what it hands out itself.
PageBuffer::PageBuffer(size_t size, size_t behind)
    : size_(size + behind),
      behind_(behind),
      pages_(kAddressSanitizer ? new uint8_t[size_] : Map(size_)) {}

PageBuffer::~PageBuffer() {
  if (kAddressSanitizer) {
    delete[] pages_;
  } else {
    (void)::munmap(pages_, size_);
  }
}

}  // namespace vios
