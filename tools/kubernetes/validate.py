# SPDX-License-Identifier: Apache-2.0
"""usage: validate.py FILE...

Checks manifests without a cluster: every field is one that the Kubernetes API
has, with a value of its type, and what is required is there. The schema is that
of Debian's python3-kubernetes. Of kinds that it does not know (KubeVirt's) only
the metadata is checked. Prints what is wrong and exits 1.
"""

import re
import sys

import kubernetes.client as api
import yaml

# Newer than that schema.
NEWER = {("V1Container", "restartPolicy"): "str"}
SCALARS = {"str": str, "int": int, "bool": bool, "float": (int, float)}
DRAIN_SECONDS = 25


def check_scalar(kind, value, where):
    # A quantity, or a port that may have a name, is an object or str.
    if kind == "object" and isinstance(value, (int, str, dict)):
        return []
    if kind in SCALARS and isinstance(value, SCALARS[kind]):
        if kind != "int" or not isinstance(value, bool):
            return []
    return [f"{where}: {value!r} is no {kind}"]


def check(kind, value, where):
    """What is wrong with `value`, which should be a `kind` of the schema."""
    if match := re.fullmatch(r"list\[(.*)\]", kind):
        if not isinstance(value, list):
            return [f"{where}: is no list"]
        return [e for i, item in enumerate(value) for e in check(match[1], item, f"{where}[{i}]")]
    if match := re.fullmatch(r"dict\(str, (.*)\)", kind):
        if not isinstance(value, dict):
            return [f"{where}: is no map"]
        return [e for key, item in value.items() for e in check(match[1], item, f"{where}.{key}")]
    if hasattr(api, kind):
        return check_object(getattr(api, kind), value, where)
    return check_scalar(kind, value, where)


def check_object(model, value, where):
    if not isinstance(value, dict):
        return [f"{where}: is no {model.__name__}"]
    names = {json: python for python, json in model.attribute_map.items()}
    errors = []
    for key, item in value.items():
        if kind := NEWER.get((model.__name__, key)):
            errors += check(kind, item, f"{where}.{key}")
        elif key not in names:
            errors.append(f"{where}.{key}: {model.__name__} has no such field")
        else:
            errors += check(model.openapi_types[names[key]], item, f"{where}.{key}")
    return errors + missing(model, names, value, where)


def missing(model, names, value, where):
    """The models' setters refuse None where something is required."""
    blank = model.__new__(model)
    blank.local_vars_configuration = api.Configuration()
    errors = []
    for json, python in names.items():
        if json in value:
            continue
        try:
            setattr(blank, python, None)
        except ValueError:
            errors.append(f"{where}.{json}: is missing")
    return errors


def check_pod(spec, where):
    """What the schema cannot say."""
    errors = []
    containers = spec.get("initContainers", []) + spec.get("containers", [])
    if any("vios-proxy" in c["image"] for c in containers):
        if spec.get("terminationGracePeriodSeconds", 30) <= DRAIN_SECONDS + 5:
            errors.append(f"{where}: ends before the drain of {DRAIN_SECONDS} s")
    mounted = {m["name"] for c in containers for m in c.get("volumeMounts", [])}
    volumes = {v["name"] for v in spec.get("volumes", [])}
    return errors + [f"{where}: volume {name}" for name in mounted ^ volumes]


def check_document(document, where):
    group, _, version = document["apiVersion"].rpartition("/")
    prefix = version.capitalize()
    if "." in group:
        return check("V1ObjectMeta", document["metadata"], f"{where}.metadata")
    errors = check(prefix + document["kind"], document, where)
    spec = document["spec"]
    return errors + check_pod(spec.get("template", {}).get("spec", spec), where)


def main(files):
    errors = []
    for name in files:
        with open(name, encoding="utf-8") as file:
            for document in yaml.safe_load_all(file):
                errors += check_document(document, name)
    print("\n".join(errors), end="\n" if errors else "")
    sys.exit(1 if errors else 0)


if __name__ == "__main__":
    main(sys.argv[1:])
