#!/usr/bin/env node
// Serves the pack to an engine that is given this file instead of the folder: that needs no language host, so it works
// from the Automation API.
"use strict";
process.chdir(__dirname);
require("tsx/cjs");
require("./index.ts");
