// Runs the shell steps of a workflow as a runner does, in a fresh clone of a real repository. Only what GitHub's own actions
// do is played: checkout, cache, the deployment.

import { execFileSync, spawn } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { parse } from "yaml";

import { binary } from "./site.mjs";

const CLEAN = { PATH: process.env.PATH, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null", GIT_TERMINAL_PROMPT: "0" };
export const scratch = (name) => mkdtempSync(join(tmpdir(), `upfront-${name}-`));

export function git(folder, ...words) {
  const who = ["-c", "user.name=Kari", "-c", "user.email=kari@fjordpost.example"];
  return execFileSync("git", ["-C", folder, ...who, ...words], { env: CLEAN, encoding: "utf8", stdio: "pipe" }).trim();
}

/** A bare repository with the site that `upfront init` begins, and with `files` in it. */
export function repository(url, files = {}) {
  const [work, origin] = [scratch("work"), join(scratch("origin"), "status.git")];
  execFileSync(binary, ["init", work, "--title", "Test", "--url", "https://status.example", "--component", "IMAP", "--time-zone", "UTC"], { env: CLEAN, stdio: "pipe" });
  const config = join(work, "upfront.toml");
  writeFileSync(config, readFileSync(config, "utf8").replace("https://status.example", url));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(work, path)), { recursive: true });
    writeFileSync(join(work, path), path === "upfront.toml" ? readFileSync(config, "utf8") + text : text);
  }
  git(work, "init", "-q", "-b", "main");
  git(work, "add", "--all");
  git(work, "commit", "-q", "-m", "Begin");
  execFileSync("git", ["clone", "-q", "--bare", work, origin], { env: CLEAN });
  git(work, "remote", "add", "origin", origin);
  return { origin, work };
}

/** What outlives a run: the cache, the deployed site, and a folder of programs that stand before all others. */
export function world() {
  const programs = scratch("programs");
  const world = { cache: new Map(), web: scratch("web"), programs, asked: join(programs, "asked"), runs: 0 };
  symlinkSync(binary, join(programs, "upfront"));
  world.program = (name, script) => {
    writeFileSync(join(programs, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(programs, name), 0o755);
  };
  for (const name of ["cargo", "gh", "sleep"]) world.program(name, `echo ${name} "$@" >>${world.asked}`);
  return world;
}

/** Runs the program; servers of this process must go on meanwhile. */
export function upfront(folder, words) {
  return ended(spawn(binary, ["-C", folder, ...words], { env: { ...CLEAN, HOME: scratch("home") }, stdio: ["ignore", "pipe", "pipe"] }));
}

function ended(child) {
  return new Promise((done) => {
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (said += text));
    child.on("close", (status) => done({ status, said }));
  });
}

/** What a run of `shell` steps did. */
function shell(script, folder, env) {
  const file = join(env.RUNNER_TEMP, "step.sh");
  writeFileSync(file, script);
  // Stricter than a runner by `-u`: a variable that nobody sets is a slip.
  return ended(spawn("bash", ["--noprofile", "--norc", "-euo", "pipefail", file], { cwd: folder, env: { ...CLEAN, ...env }, stdio: ["ignore", "pipe", "pipe"] }));
}

/** The conditions that are in use. An unknown one fails, so that none is played wrongly. */
const CONDITIONS = {
  "steps.program.outputs.cache-hit != 'true'": () => true,
  "always()": () => true,
  "${{ !cancelled() }}": () => true,
  "${{ !cancelled() && steps.deployment.outcome == 'success' }}": (job) => job.deployed,
  "${{ !cancelled() && needs.publish.outputs.undecided == 'true' }}": (job) => job.undecided === "true",
};

export function holds(condition, job) {
  if (!(condition in CONDITIONS)) throw new Error(`the test does not know the condition ${condition}`);
  return CONDITIONS[condition](job);
}

/** Begins a job; `job.run(until)` does its steps up to the one of that name, or all. */
export function job(world, workflow, name, origin, more = {}) {
  const yaml = parse(typeof workflow === "string" ? readFileSync(workflow, "utf8") : workflow.text);
  const folder = join(scratch("clone"), "status");
  const temp = scratch("temp");
  const run = ++world.runs;
  const job = { folder, temp, said: "", failed: undefined, deployed: false, steps: [], ...more };
  const left = [...yaml.jobs[name].steps];
  const env = {
    HOME: scratch("home"),
    GITHUB_OUTPUT: join(temp, "output"),
    GITHUB_REPOSITORY: "fjordpost/status",
    RUNNER_TEMP: temp,
    UPFRONT_VERSION: String(yaml.env?.UPFRONT_VERSION),
    PATH: `${world.programs}:${process.env.PATH}`,
  };
  mkdirSync(folder);
  writeFileSync(env.GITHUB_OUTPUT, "");
  const paths = (step) => step.with.path.split("\n").filter((path) => path !== "" && !path.startsWith("~"));
  const uses = {
    "actions/checkout": () => {
      git(folder, "clone", "-q", origin, ".");
    },
    "actions/cache/restore": (step) => {
      const kept = world.cache.get(paths(step).join());
      if (kept) for (const path of paths(step)) if (existsSync(join(kept, path))) cpSync(join(kept, path), join(folder, path), { recursive: true });
    },
    "actions/cache/save": (step) => {
      const kept = scratch("cache");
      for (const path of paths(step)) if (existsSync(join(folder, path))) cpSync(join(folder, path), join(kept, path), { recursive: true });
      world.cache.set(paths(step).join(), kept);
    },
    "actions/upload-pages-artifact": (step) => (job.artifact = join(folder, step.with.path)),
    "actions/deploy-pages": () => {
      rmSync(world.web, { recursive: true });
      cpSync(job.artifact, world.web, { recursive: true });
      job.deployed = true;
    },
  };
  const after = [];
  job.run = async (until) => {
    while (left.length > 0) {
      if (until !== undefined && left[0].name === until) return job;
      const step = left.shift();
      const condition = step.if;
      if (condition === undefined ? job.failed !== undefined : !holds(condition, job)) continue;
      job.steps.push(step.name ?? step.uses.split("@")[0]);
      if (step.uses) {
        const action = step.uses.split("@")[0];
        if (action === "actions/cache") {
          uses["actions/cache/restore"](step);
          after.push(() => job.failed === undefined && uses["actions/cache/save"](step));
        } else if (action in uses) uses[action](step);
        else throw new Error(`the test does not know the action ${action}`);
        continue;
      }
      const own = Object.fromEntries(Object.entries(step.env ?? {}).map(([key, value]) => [key, String(value).includes("${{") ? `a secret of ${key}` : String(value)]));
      const { status, said } = await shell(step.run, folder, { ...env, ...own });
      job.said += `== ${step.name} (run ${run})\n${said}`;
      if (status !== 0) job.failed ??= `${step.name} ended with ${status}`;
    }
    for (const step of after) step();
    job.outputs = Object.fromEntries(readFileSync(env.GITHUB_OUTPUT, "utf8").split("\n").filter(Boolean).map((line) => line.split("=")));
    return job;
  };
  return job;
}

/** A GitLab job: `before_script`, then `script`, in one shell; the cache and artifacts stay in the folder, as on a runner of one's own. */
export async function gitlab(world, file, names, origin) {
  const yaml = parse(readFileSync(file, "utf8"));
  const folder = join(scratch("clone"), "status");
  mkdirSync(folder);
  git(folder, "clone", "-q", origin, ".");
  const env = { HOME: scratch("home"), RUNNER_TEMP: scratch("temp"), PATH: `${world.programs}:${process.env.PATH}`, HISTORY_REMOTE: origin, UPFRONT_VERSION: "0.1.0" };
  const all = [];
  for (const name of names) {
    const { status, said } = await shell([...yaml.default.before_script, ...yaml[name].script].join("\n"), folder, env);
    all.push({ name, status, said });
    if (name === "pages") {
      rmSync(world.web, { recursive: true });
      cpSync(join(folder, "public"), world.web, { recursive: true });
    }
  }
  return all;
}
