# SPDX-License-Identifier: Apache-2.0
"""A fully static, optimised build of a cc_binary, whatever is being built.

A guest's initramfs has no libraries, so this is how programs go into it; and
`bazel test //...` needs no second configuration for that.
"""

def _without_sanitizers(options):
    return [option for option in options if "sanitize" not in option]

def _static_impl(settings, _attr):
    return {
        "//command_line_option:compilation_mode": "opt",
        "//command_line_option:copt": _without_sanitizers(
            settings["//command_line_option:copt"],
        ),
        "//command_line_option:features": (
            settings["//command_line_option:features"] + ["fully_static_link"]
        ),
        "//command_line_option:linkopt": _without_sanitizers(
            settings["//command_line_option:linkopt"],
        ),
    }

_static = transition(
    implementation = _static_impl,
    inputs = [
        "//command_line_option:copt",
        "//command_line_option:features",
        "//command_line_option:linkopt",
    ],
    outputs = [
        "//command_line_option:compilation_mode",
        "//command_line_option:copt",
        "//command_line_option:features",
        "//command_line_option:linkopt",
    ],
)

def _static_binary_impl(ctx):
    out = ctx.actions.declare_file("%s/%s" % (ctx.label.name, ctx.attr.binary[0].label.name))
    ctx.actions.symlink(
        output = out,
        target_file = ctx.executable.binary,
        is_executable = True,
    )
    return [DefaultInfo(files = depset([out]))]

static_binary = rule(
    implementation = _static_binary_impl,
    attrs = {
        "binary": attr.label(
            cfg = _static,
            executable = True,
            mandatory = True,
        ),
        "_allowlist_function_transition": attr.label(
            default = "@bazel_tools//tools/allowlists/function_transition_allowlist",
        ),
    },
    doc = "Makes NAME/BINARY, the static build of the cc_binary `binary`.",
)
