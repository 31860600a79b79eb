# SPDX-License-Identifier: Apache-2.0
"""The XML that onDefineDomain makes, run as KubeVirt's shim runs it."""

import json
import os
import pathlib
import subprocess
import unittest
import xml.etree.ElementTree as ET

SCRIPT = pathlib.Path(__file__).with_name("onDefineDomain")
# The parts of a domain of KubeVirt's that matter here.
DOMAIN = """<domain type="kvm" xmlns:qemu="http://libvirt.org/schemas/domain/qemu/1.0">
  <name>default_vm</name>
  <devices>
    <controller type="usb" index="7" model="none"/>
    <controller type="virtio-serial" index="0" model="virtio-non-transitional"/>
    <channel type="unix"><target type="virtio" name="org.qemu.guest_agent.0"/></channel>
  </devices>
  <qemu:commandline><qemu:arg value="-snapshot"/></qemu:commandline>
</domain>"""


def run(annotations=None, domain=DOMAIN, environment=None):
    vmi = {"metadata": {"name": "vm", "annotations": annotations}}
    environment = {"CONTAINER_NAME": "hook-sidecar-0"} if environment is None else environment
    return subprocess.run(
        ["python3", SCRIPT, "--vmi", json.dumps(vmi), "--domain", domain],
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True, text=True, timeout=60, check=False)


def define(*args, **kwargs):
    done = run(*args, **kwargs)
    if done.returncode:
        raise AssertionError(done.stderr)
    return ET.fromstring(done.stdout), done.stdout


def ours(root):
    return [c for c in root.findall("devices/channel") if c.find("source") is not None]


class OnDefineDomain(unittest.TestCase):
    def test_three_channels_whose_sockets_are_in_a_sub_directory(self):
        root, _ = define()
        self.assertEqual(
            [(c.find("target").get("name"), c.find("source").get("path")) for c in ours(root)],
            [(f"qpid.{n}", f"/var/run/kubevirt-hooks/hook-sidecar-0/vios/{n}") for n in range(3)])
        for channel in ours(root):
            self.assertEqual(channel.get("type"), "unix")
            self.assertEqual(channel.find("source").get("mode"), "bind")
            self.assertEqual(channel.find("target").get("type"), "virtio")

    def test_what_was_there_stays(self):
        root, text = define()
        self.assertIn("<qemu:commandline", text)
        before = [ET.tostring(e).strip() for e in ET.fromstring(DOMAIN).find("devices")]
        after = [ET.tostring(e).strip() for e in root.find("devices")]
        self.assertEqual(after[: len(before)], before)

    def test_at_most_fifteen_ports_per_device_and_none_on_the_guests_own(self):
        root, _ = define({"vios-proxy.channels": "31"})
        used = {}
        for channel in ours(root):
            address = channel.find("address")
            used.setdefault(address.get("controller"), []).append(int(address.get("port")))
        self.assertEqual(used, {"1": list(range(1, 16)), "2": list(range(1, 16)), "3": [1]})
        made = [c for c in root.findall("devices/controller[@ports]")]
        self.assertEqual([c.get("index") for c in made], ["1", "2", "3"])
        for controller in made:
            self.assertEqual(controller.get("ports"), "16")
            self.assertEqual(controller.get("model"), "virtio-non-transitional")

    def test_a_guest_without_any_serial_device(self):
        root, _ = define(domain="<domain><devices/></domain>")
        self.assertEqual(root.find("devices/controller").attrib,
                         {"type": "virtio-serial", "index": "0", "ports": "16"})

    def test_another_name_and_another_sidecar(self):
        root, _ = define({"vios-proxy.channels": "1", "vios-proxy.name": "db"},
                         environment={"CONTAINER_NAME": "hook-sidecar-4"})
        (channel,) = ours(root)
        self.assertEqual(channel.find("target").get("name"), "db.0")
        self.assertIn("/hook-sidecar-4/", channel.find("source").get("path"))

    def test_what_is_refused(self):
        taken = DOMAIN.replace("org.qemu.guest_agent.0", "qpid.1")
        for done in [run({"vios-proxy.channels": "0"}), run({"vios-proxy.channels": "many"}),
                     run({"vios-proxy.channels": "151"}), run(environment={}),
                     run(domain="<domain>"), run(domain=taken),
                     run(environment={"CONTAINER_NAME": "x" * 100})]:
            self.assertEqual((done.returncode, done.stdout), (1, ""), done.stderr)
            self.assertRegex(done.stderr, "^onDefineDomain: [^\n]+\n$")


if __name__ == "__main__":
    unittest.main()
