# SPDX-License-Identifier: Apache-2.0
"""Fuzzers, and their corpora as tests."""

def fuzzer(name, deps):
    """One fuzzer, of NAME.cc, which defines LLVMFuzzerTestOneInput.

    NAME_test replays corpus/NAME and needs nothing special; NAME is the
    libFuzzer binary and builds with --config=fuzz only.
    """
    native.cc_test(
        name = name + "_test",
        size = "medium",
        srcs = [
            name + ".cc",
            "replay_main.cc",
        ],
        args = ["testing/fuzz/corpus/" + name],
        data = native.glob(["corpus/" + name + "/*"]),
        deps = deps,
    )
    native.cc_binary(
        name = name,
        srcs = [name + ".cc"],
        linkopts = ["-fsanitize=fuzzer"],
        tags = [
            "fuzzer",
            "manual",
        ],
        deps = deps,
    )
