#!/usr/bin/env node
// Serves the pack if the engine gets this file instead of the folder. That needs no language host, so it works from the
// Automation API.
"use strict";
process.chdir(__dirname);
require("tsx/cjs");
require("./index.ts");
