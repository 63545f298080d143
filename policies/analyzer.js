#!/usr/bin/env node
// Serves the pack if the engine gets this file instead of the folder. That needs no language host, so it works from the
// Automation API.
"use strict";
const { existsSync } = require("node:fs");
process.chdir(__dirname);
if (!existsSync("index.js")) require("tsx/cjs"); // the published package has the pack compiled
require("./index");
