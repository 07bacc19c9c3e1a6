// Reads a WARC from the standard input with warcio and prints each record as a
// line of JSON: what an independent reader makes of it.
import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { WARCParser } from "warcio";

for await (const record of new WARCParser(Readable.toWeb(process.stdin))) {
  const payload = await record.readFully(true);
  const http = record.httpHeaders;
  console.log(JSON.stringify({
    version: record.version,
    type: record.warcType,
    uri: record.warcTargetURI,
    date: record.warcDate,
    headers: Object.fromEntries(record.warcHeaders.headers.entries()),
    status: http ? http.statusCode : 0,
    http: http ? Object.fromEntries(http.headers.entries()) : null,
    length: payload ? payload.length : 0,
    sha256: createHash("sha256").update(payload ?? new Uint8Array()).digest("hex"),
  }));
}
