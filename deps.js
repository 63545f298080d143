// Installs the dependencies when they are missing or older than package-lock.json; silent when there is nothing to do.
"use strict";
const { execFileSync } = require("node:child_process");
const { existsSync, statSync } = require("node:fs");
const { join } = require("node:path");

const [wanted, installed] = ["package-lock.json", "node_modules/.package-lock.json"].map((file) =>
  join(__dirname, file),
);
if (!existsSync(installed) || statSync(installed).mtimeMs < statSync(wanted).mtimeMs) {
  console.error("Installing dependencies (npm ci) ...");
  execFileSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: __dirname,
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32",
  });
}
