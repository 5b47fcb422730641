#!/usr/bin/env python3
"""证据包核验程序（独立版）。只用 Python 3.8 以上的标准库，不联网，不用数据库，与安薪的程序没有共用代码。

用法：python3 verify.py 证据包文件
退出码：0 没有被改动；1 被改动过或不完整；2 打不开文件。
"""
import hashlib, json, re, struct, sys, zlib

FORMAT = "anxin-evidence/1"
problems = []

# ---- SM3 (GB/T 32905-2016), where the Python at hand has none
def sm3_slow(data):
    rol = lambda x, n: ((x << n % 32) | (x >> (32 - n % 32))) & 0xFFFFFFFF
    v = [0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E]
    data += b"\x80" + bytes((55 - len(data)) % 64) + struct.pack(">Q", len(data) * 8)
    for at in range(0, len(data), 64):
        w = list(struct.unpack(">16I", data[at:at + 64]))
        for j in range(16, 68):
            x = w[j - 16] ^ w[j - 9] ^ rol(w[j - 3], 15)
            w.append(x ^ rol(x, 15) ^ rol(x, 23) ^ rol(w[j - 13], 7) ^ w[j - 6])
        a, b, c, d, e, f, g, h = v
        for j in range(64):
            s1 = rol((rol(a, 12) + e + rol(0x79CC4519 if j < 16 else 0x7A879D8A, j)) & 0xFFFFFFFF, 7)
            s2 = s1 ^ rol(a, 12)
            ff = a ^ b ^ c if j < 16 else (a & b) | (a & c) | (b & c)
            gg = e ^ f ^ g if j < 16 else (e & f) | (~e & g)
            t1 = (ff + d + s2 + (w[j] ^ w[j + 4])) & 0xFFFFFFFF
            t2 = (gg + h + s1 + w[j]) & 0xFFFFFFFF
            a, b, c, d, e, f, g, h = t1, a, rol(b, 9), c, t2 ^ rol(t2, 9) ^ rol(t2, 17), e, rol(f, 19), g
        v = [x ^ y for x, y in zip(v, (a, b, c, d, e, f, g, h))]
    return struct.pack(">8I", *v)

def sm3(data):
    return hashlib.new("sm3", data).digest() if "sm3" in hashlib.algorithms_available else sm3_slow(data)

def sha256(data):
    return hashlib.sha256(data).digest()

# ---- Ed25519 (RFC 8032)
P = 2 ** 255 - 19
L = 2 ** 252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P

def add(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P

def times(s, p):
    q = (0, 1, 1, 0)
    while s:
        q, p, s = (add(q, p) if s & 1 else q), add(p, p), s >> 1
    return q

def point(raw):
    y = int.from_bytes(raw, "little")
    sign, y = y >> 255, y & (2 ** 255 - 1)
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(x2, (P + 3) // 8, P)
    x = x if (x * x - x2) % P == 0 else x * pow(2, (P - 1) // 4, P) % P
    if y >= P or (x * x - x2) % P or (x == 0 and sign):
        raise ValueError
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P

def signed(key, message, signature):
    base = point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))
    try:
        a, r, s = point(key), point(signature[:32]), int.from_bytes(signature[32:], "little")
    except ValueError:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    one, two = times(s, base), add(r, times(k, a))
    return s < L and all((one[i] * two[2] - two[i] * one[2]) % P == 0 for i in (0, 1))

# ---- the container: a ZIP written in exactly one way
def unpack(data):
    files, directory, at, last = {}, b"", 0, ""
    while data[at:at + 4] == b"PK\x03\x04" and len(data) >= at + 30:
        crc, size, _, length = struct.unpack("<IIIH", data[at + 14:at + 28])
        name = data[at + 30:at + 30 + length]
        if not re.fullmatch(rb"[a-z0-9_]+(/[a-z0-9_]+)*\.[a-z0-9]{1,8}", name):
            return None
        numbers = struct.pack("<5H3I2H", 20, 0, 0, 0, 33, crc, size, size, length, 0)
        start = at + 30 + length
        content, path = data[start:start + size], name.decode()
        if data[at + 4:at + 30] != numbers or len(content) != size or zlib.crc32(content) != crc or path <= last:
            return None
        directory += b"PK\x01\x02" + struct.pack("<6H3I5H2I", 20, 20, 0, 0, 0, 33, crc, size, size, length, 0, 0, 0, 0, 0, at) + name
        files[path], at, last = content, start + size, path
    end = b"PK\x05\x06" + struct.pack("<4H2IH", 0, 0, len(files), len(files), len(directory), at, 0)
    return files if files and data[at:] == directory + end else None

def dump(value):
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

def load(raw, where):
    try:
        value = json.loads(raw.decode())
        if dump(value) == raw:
            return value
    except (ValueError, RecursionError):
        pass
    raise ValueError(where)

def fail(sentence):
    print("核验不通过：\n- " + "\n- ".join(problems + [sentence]))
    return 1

def lines(raw):
    return raw.split(b"\n")[:-1] if raw.endswith(b"\n") or not raw else [raw]

def check_signature(said, where, statement):
    message = FORMAT.encode() + b"\n" + dump({k: v for k, v in said.items() if k != "signature"})
    if said["statement"] != sha256(statement).hex():
        problems.append(where + "：签的不是这份声明，声明在签章之后被改动过")
    if not re.fullmatch("[0-9a-f]{128}", said["signature"]) or not signed(bytes.fromhex(said["key"]), message, bytes.fromhex(said["signature"])):
        problems.append(where + "：“" + said["name"] + "”的签章不成立")

def main(path):
    try:
        with open(path, "rb") as file:
            return check(unpack(file.read()))
    except OSError as problem:
        print("打不开文件：", problem)
        return 2
    except (KeyError, TypeError, ValueError, AttributeError, IndexError):
        return fail("有一处不是证据包该有的写法")

def check(files):
    if not files or "statement.json" not in files:
        return fail("这不是证据包，或者容器被改动过")
    raw = files["statement.json"]
    said = load(raw, "statement.json")
    if said.get("format") != FORMAT:
        return fail("格式不是 " + FORMAT)
    viewer, taken, notes, seal = said["viewer"], set(), [], {}
    signatures = lines(files.get("signatures.jsonl", b""))
    if len(signatures) != len(said["signers"]) or not signatures:
        problems.append("signatures.jsonl：签章的个数不对")
    for line, signer in zip(signatures, said["signers"]):
        one = load(line, "signatures.jsonl")
        if any(one[k] != signer[k] for k in ("name", "role", "key")):
            problems.append("signatures.jsonl：签章人与声明不符")
        if ("seal" in one) != ("seal" in said) or one.get("seal", {}) != (seal or one.get("seal", {})):
            problems.append("signatures.jsonl：电子签章与声明不符")
        seal = one.get("seal", {})
        check_signature(one, "signatures.jsonl", raw)
    wanted = {"statement.json", "signatures.jsonl", "leaves.jsonl", "index.html", "verify.py"} | {p for p, _ in said["files"]} | set(seal)
    problems.extend(p + "：电子签章被改动过" for p in sorted(seal) if sha256(files.get(p, b"")).hex() != seal[p])
    while "redactions/%04d.json" % (len(notes) + 1) in files:
        name = "redactions/%04d.json" % (len(notes) + 1)
        notes.append(load(files[name], name))
        check_signature(notes[-1], name, raw)
        taken, viewer = taken | set(notes[-1]["leaves"]), notes[-1]["viewer"]
        wanted.add(name)
    problems.extend(p + "：文件被移走或是后来放进去的" for p in sorted(wanted ^ set(files)))
    for name, expected in (("index.html", viewer), ("verify.py", said["verifier"])):
        if sha256(files.get(name, b"")).hex() != expected:
            problems.append(name + "：被改动过")
    ends, index, listed = [bytes(32), bytes(32)], 0, lines(files.get("leaves.jsonl", b""))
    for path, count in said["files"]:
        rows = path.startswith("rows/")
        parts = lines(files.get(path, b"")) if rows else [files.get(path, b"")]
        if len(parts) != count:
            problems.append("%s：应有%d行，实有%d行" % (path, count, len(parts)))
        for i in range(count):
            leaf = load(listed[index], "leaves.jsonl") if index < len(listed) else [None] * 5
            line = i + 1 if rows else 0
            where = "%s 第%d行" % (path, line) if rows else path
            if leaf[:2] != [path, line]:
                return fail("leaves.jsonl：指纹缺少或次序不对，在" + where)
            content = parts[i] if i < len(parts) else b""
            if leaf[2] is None:
                if index not in taken or content != (b"null" if rows else b""):
                    problems.append(where + "：隐去没有记载")
            else:
                salted = b"\0" + bytes.fromhex(leaf[2]) + struct.pack(">H", len(path)) + path.encode() + struct.pack(">Q", line) + content
                if [sha256(salted).hex(), sm3(salted).hex()] != leaf[3:] or index in taken:
                    problems.append(where + "：内容被改动、调换或增减过")
            ends = [h(b"\1" + end + bytes.fromhex(x)) for h, end, x in zip((sha256, sm3), ends, leaf[3:])]
            index += 1
    if index != len(listed) or [e.hex() for e in ends] != [said["chain"]["sha256"], said["chain"]["sm3"]]:
        problems.append("leaves.jsonl：指纹连起来与签章声明不符")
    if problems:
        return fail("共%d处不符" % len(problems))
    print("核验通过：%s\n共%d项，其中隐去%d项。没有被改动。" % (said["title"], said["leaves"], len(taken)))
    for word, one in [("签章", one) for one in said["signers"]] + [("隐去", one) for one in notes]:
        why = "，%d项，理由：%s" % (len(one["leaves"]), one["reason"]) if word == "隐去" else ""
        print("%s：%s（%s）%s 公钥指纹 %s" % (word, one["name"], one["role"], why, sha256(bytes.fromhex(one["key"])).hex()))
    if seal:
        print("电子签章：%s 证书指纹 %s（证书和时间戳用 anxin evidence verify 或 openssl cms 核对）" % (said["seal"]["name"], said["seal"]["certificate"]))
    print("请把公钥指纹同出具单位公布的对照：一致，才是该单位出具的。")
    return 0

if __name__ == "__main__":
    sys.exit(main(sys.argv[1]) if len(sys.argv) == 2 else print(__doc__) or 2)
