#!/usr/bin/env python3
"""Protobuf bodies of recorded clients, each once and without the large ones that are alike; those that have a JSON twin, with it.

usage: protobuf_bodies.py OUT.json.gz RECORDINGS
"""
import base64
import glob
import gzip
import json
import sys

SMALL, LARGER, LARGEST_KEPT = 2500, 3500, 3


def exchanges(folder):
    for name in sorted(glob.glob(f"{folder}/*.json")):
        with open(name) as file:
            recording = json.load(file)
        yield from recording.get("requests", [])
        if "request" in recording:
            yield recording


def body_of(message):
    body = message.get("body")
    return body if isinstance(body, dict) else {}


def varint(data, at):
    number = shift = 0
    while True:
        byte = data[at]
        at += 1
        number |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return number, at


def members(data):
    at = 0
    while at < len(data):
        tag, at = varint(data, at)
        if tag & 7 == 2:
            length, at = varint(data, at)
            yield tag >> 3, data[at:at + length]
            at += length
        elif tag & 7 == 0:
            number, at = varint(data, at)
            yield tag >> 3, number
        else:
            return


def identity(encoded):
    """uid and resourceVersion of the object in a body."""
    envelope = dict(members(base64.b64decode(encoded)[4:]))
    raw = dict(members(envelope.get(2, b"")))
    metadata = raw.get(1)
    if not isinstance(metadata, bytes):
        return None
    metadata = dict(members(metadata))
    try:
        return metadata[5].decode(), metadata[6].decode()
    except (KeyError, AttributeError, UnicodeDecodeError):
        return None


def main(out, folder):
    twins_by_identity, sent, all_bodies, twins, kinds = {}, set(), [], [], set()
    for exchange in exchanges(folder):
        body = body_of(exchange.get("response", {}))
        metadata = body.get("metadata") or {}
        if body.get("kind") and metadata.get("uid"):
            twins_by_identity[metadata["uid"], metadata.get("resourceVersion")] = body
    for exchange in exchanges(folder):
        for side in ("request", "response"):
            encoded = body_of(exchange.get(side, {})).get("protobuf_base64")
            if not encoded or not encoded.isascii():
                continue
            all_bodies.append(encoded)
            if side == "request":
                sent.add(encoded)
            elif twin := twins_by_identity.get(identity(encoded)):
                if twin["kind"] not in kinds:
                    kinds.add(twin["kind"])
                    twins.append([encoded, twin])
    different = sorted(set(all_bodies))
    small = [one for one in different if len(one) < SMALL or (one in sent and len(one) < LARGER)]
    large = sorted((one for one in different if one in sent and one not in small), key=len)
    text = json.dumps({"bodies": small + large[-LARGEST_KEPT:], "twins": twins}, separators=(",", ":")).encode()
    with open(out, "wb") as file:
        file.write(gzip.compress(text, 9, mtime=0))
    print(f"{len(all_bodies)} bodies, {len(small) + LARGEST_KEPT} kept, {len(twins)} twins")


main(*sys.argv[1:])
