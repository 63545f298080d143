// Installs the dependencies when they are missing or older than package-lock.json; silent when there is nothing to do.
"use strict";
const { execFileSync } = require("node:child_process");
const { existsSync, statSync } = require("node:fs");

const installed = "node_modules/.package-lock.json";
const stale = !existsSync(installed) || statSync(installed).mtimeMs < statSync("package-lock.json").mtimeMs;
if (stale) {
  console.error("Installing dependencies (npm ci) ...");
  execFileSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32",
  });
}
