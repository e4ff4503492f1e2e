// Real servers on the loopback interface for what `upfront publish` sends: an S3 API that checks signatures, sshd, and a
// host that readers ask.

import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { Agent, createServer, request as ask } from "node:http";
import { createRequire } from "node:module";
import { connect, createServer as createPort } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";

import aws4 from "aws4";

const S3rver = createRequire(import.meta.url)("s3rver");

const listening = (server) =>
  new Promise((done) => server.listen(0, "127.0.0.1", () => done(`127.0.0.1:${server.address().port}`)));
const closed = (server) => new Promise((done) => (server.closeAllConnections(), server.close(done)));

/** Whether a request carries the signature that AWS's own rules give it, and still holds. */
function isSigned(request, keys) {
  const url = new URL(request.url, "http://host");
  const given = Object.fromEntries(url.searchParams);
  const headers = Object.fromEntries(
    (given["X-Amz-SignedHeaders"] ?? "").split(";").map((name) => [name, request.headers[name] ?? ""]),
  );
  for (const name of ["Algorithm", "Credential", "SignedHeaders", "Signature"]) url.searchParams.delete(`X-Amz-${name}`);
  const region = given["X-Amz-Credential"]?.split("/")[2];
  const path = `${url.pathname}?${url.searchParams}`;
  const again = aws4.sign({ service: "s3", region, method: request.method, path, headers, signQuery: true }, keys);
  const signed = Object.fromEntries(new URL(again.path, "http://host").searchParams);
  const at = Date.parse((given["X-Amz-Date"] ?? "").replace(/(....)(..)(..)T(..)(..)(..)Z/, "$1-$2-$3T$4:$5:$6Z"));
  const holds = Date.now() < at + 1000 * Number(given["X-Amz-Expires"]);
  return holds && signed["X-Amz-Signature"] === given["X-Amz-Signature"] && "host" in headers;
}

/** An S3 API with one bucket. s3rver keeps the objects, but does not check signatures of version 4: that is done before it. */
export async function s3(bucket, keys) {
  const directory = mkdtempSync(join(tmpdir(), "upfront-s3-"));
  const store = new S3rver({ port: 0, address: "127.0.0.1", silent: true, directory, vhostBuckets: false, configureBuckets: [{ name: bucket }] });
  const { port } = await store.run();
  const agent = new Agent({ keepAlive: true });
  const server = { calls: [], stumbles: 0, directory };
  const gate = createServer((request, response) => {
    const refuse = (status, code) => {
      request.resume();
      response.writeHead(status, { "content-type": "application/xml" });
      response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code}.</Message></Error>`);
    };
    const path = new URL(request.url, "http://host").pathname;
    server.calls.push(`${request.method} ${path.replace(`/${bucket}/`, "")}`);
    if (!isSigned(request, keys)) return refuse(403, "SignatureDoesNotMatch");
    if (server.stumbles-- > 0) return refuse(503, "SlowDown");
    // Beyond the gate nothing is signed.
    const onward = ask({ port, host: "127.0.0.1", agent, method: request.method, path, headers: request.headers }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    onward.on("error", () => response.destroy());
    request.pipe(onward);
  });
  server.url = `http://${await listening(gate)}`;
  /** What a reader gets: the object with its headers. */
  server.object = (key) => fetch(`http://127.0.0.1:${port}/${bucket}/${key}`);
  server.close = async () => (agent.destroy(), await closed(gate), await store.close());
  return server;
}

/** A host of whatever `get` answers for a path: a `Response`, or the bytes of a file. */
export async function host(get) {
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://host").pathname).slice(1);
    const file = path === "" || path.endsWith("/") ? `${path}index.html` : path;
    const answer = await get(file);
    const type = answer?.headers?.get("content-type");
    response.writeHead(answer?.status ?? (answer ? 200 : 404), type ? { "content-type": type } : {});
    response.end(answer?.arrayBuffer ? Buffer.from(await answer.arrayBuffer()) : answer);
  });
  return { url: `http://${await listening(server)}`, close: () => closed(server) };
}

/** A host of the files in a folder. */
export const hostOf = (folder) =>
  host((path) => {
    const file = join(folder, path);
    return existsSync(file) && statSync(file).isFile() ? readFileSync(file) : undefined;
  });

const SSHD = "/usr/sbin/sshd";
export const hasSsh = existsSync(SSHD) && ["rsync", "ssh", "ssh-keygen"].every(has);

export function has(program) {
  return process.env.PATH.split(":").some((folder) => existsSync(join(folder, program)));
}

/** A port that nobody listens on. */
export function freePort() {
  const server = createPort();
  return new Promise((done) =>
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => done(port));
    }),
  );
}

const isUp = (port) =>
  new Promise((done) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => (socket.destroy(), done(true)));
    socket.once("error", () => done(false));
  });

/** The real sshd as a process of this user, with keys of its own. `ssh` is the command that gets in. */
export async function sshd() {
  const folder = mkdtempSync(join(tmpdir(), "upfront-sshd-"));
  const at = (name) => join(folder, name);
  for (const key of ["host", "user", "stranger"]) {
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", key, "-f", at(key)]);
  }
  const port = await freePort();
  const { username, uid } = userInfo();
  // Where root runs it, it wants this folder.
  if (uid === 0) mkdirSync("/run/sshd", { recursive: true, mode: 0o755 });
  const config = [
    `Port ${port}`,
    "ListenAddress 127.0.0.1",
    `HostKey ${at("host")}`,
    `AuthorizedKeysFile ${at("user.pub")}`,
    "PidFile none",
    "StrictModes no",
    "UsePAM no",
    "PasswordAuthentication no",
    "KbdInteractiveAuthentication no",
    "PermitRootLogin prohibit-password",
  ];
  writeFileSync(at("config"), config.map((line) => `${line}\n`).join(""));
  const [kind, key] = readFileSync(at("host.pub"), "utf8").split(" ");
  writeFileSync(at("known"), `[127.0.0.1]:${port} ${kind} ${key}\n`);
  writeFileSync(at("known-otherwise"), `[127.0.0.1]:${port} ${readFileSync(at("user.pub"), "utf8")}`);
  const process = spawn(SSHD, ["-D", "-e", "-f", at("config")], { stdio: ["ignore", "ignore", "pipe"] });
  const server = { said: "", port, user: username, at };
  process.stderr.on("data", (text) => (server.said += text));
  for (let tries = 0; !(await isUp(port)); tries++) {
    if (tries > 100) throw new Error(`sshd does not listen: ${server.said}`);
    await new Promise((done) => setTimeout(done, 50));
  }
  server.ssh = ({ key = "user", known = "known" } = {}) =>
    `ssh -F none -p ${port} -i ${at(key)} -o IdentitiesOnly=yes -o StrictHostKeyChecking=yes -o UserKnownHostsFile=${at(known)}`;
  server.close = () => process.kill();
  return server;
}
