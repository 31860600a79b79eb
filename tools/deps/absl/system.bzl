# SPDX-License-Identifier: Apache-2.0
"""Abseil of the system behind Abseil's own labels."""

# One group, so that no label has to know the order in which archives go.
_LIBS = [
    "status",
    "statusor",
    "synchronization",
    "graphcycles_internal",
    "time",
    "civil_time",
    "time_zone",
    "cord",
    "cord_internal",
    "cordz_info",
    "cordz_handle",
    "cordz_functions",
    "exponential_biased",
    "hash",
    "city",
    "low_level_hash",
    "bad_variant_access",
    "bad_optional_access",
    "str_format_internal",
    "strings",
    "strings_internal",
    "strerror",
    "stacktrace",
    "symbolize",
    "debugging_internal",
    "demangle_internal",
    "malloc_internal",
    "int128",
    "base",
    "spinlock_wait",
    "throw_delegate",
    "raw_logging_internal",
    "log_severity",
]

LINKOPTS = ["-Wl,--start-group"] + [
    "-labsl_" + lib
    for lib in _LIBS
] + ["-Wl,--end-group"]

def absl_library(name):
    native.cc_library(
        name = name,
        linkopts = LINKOPTS,
        visibility = ["//visibility:public"],
    )
