// Signs every vector with nothing but Node's own library, and compares each step.
import { createHash, createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { strictEqual } from "node:assert";

const { algorithm, vectors } = JSON.parse(readFileSync("published/signing/vectors.json", "utf8"));
const sha256 = (text) => createHash("sha256").update(text, "utf8").digest("hex");
const encode = (text) => encodeURIComponent(text).replace(/[!'()*]/g, (c) => "%" + c.charCodeAt(0).toString(16).toUpperCase());

for (const { keys, date, request, ...expected } of vectors) {
  const url = new URL(request.url);
  const path = url.pathname.split("/").map((segment) => encode(decodeURIComponent(segment))).join("/").replace(/\/?$/, "/");
  const query = [...url.searchParams].map(([name, value]) => `${encode(name)}=${encode(value)}`).sort().join("&");
  const names = Object.keys(request.headers).sort();
  const headers = names.map((name) => `${name}:${request.headers[name].trim()}\n`).join("");
  const content = request.headers["x-sdk-content-sha256"] ?? sha256(request.body);
  const canonical = [request.method, path, query, headers, names.join(";"), content].join("\n");
  strictEqual(canonical, expected.canonical_request, expected.name);
  strictEqual([algorithm, date, sha256(canonical)].join("\n"), expected.string_to_sign, expected.name);
  strictEqual(createHmac("sha256", keys.secret_key).update(expected.string_to_sign).digest("hex"), expected.signature);
}
console.log(`${vectors.length} vectors signed alike`);
