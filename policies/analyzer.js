#!/usr/bin/env node
// Serves the pack. An engine that gets this file instead of the folder needs no language host, so it works from the
// Automation API.
"use strict";
const { existsSync } = require("node:fs");
process.chdir(__dirname);
if (existsSync("index.js"))
  require("./index.js"); // the published package has it compiled
else void require("../compiled.js").load("policies/index.ts");
