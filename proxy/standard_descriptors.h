// SPDX-License-Identifier: Apache-2.0
#ifndef VIOS_PROXY_PROXY_STANDARD_DESCRIPTORS_H_
#define VIOS_PROXY_PROXY_STANDARD_DESCRIPTORS_H_

namespace vios {

// Opens /dev/null in the place of those of stdin, stdout and stderr that the
// program was started without: the next file or socket would get their numbers,
// and what is written to stderr. The first thing that a program does.
void FillStandardDescriptors();

}  // namespace vios

#endif  // VIOS_PROXY_PROXY_STANDARD_DESCRIPTORS_H_
