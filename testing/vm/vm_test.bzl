# SPDX-License-Identifier: Apache-2.0
"""Tests that boot real guests."""

def vm_test(name, deps, data = [], srcs = None, tags = [], **kwargs):
    """A cc_test that may boot guests.

    QEMU does not fit into the sandbox, and a guest wants a processor of its
    own, so these tests run one at a time.
    """
    native.cc_test(
        name = name,
        srcs = srcs or [name + ".cc"],
        data = data + [
            ":base_image",
            ":harness_image",
        ],
        tags = [
            "exclusive",
            "no-sandbox",
            "vm",
        ] + tags,
        timeout = "long",
        deps = deps + ["@com_google_googletest//:gtest_main"],
        **kwargs
    )
