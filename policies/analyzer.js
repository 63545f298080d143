#!/usr/bin/env node
// Serves the pack. An engine that gets this file instead of the folder needs no language host, so it works from the
// Automation API.
"use strict";
process.chdir(__dirname);
void require("../compiled.js").load("policies/index.ts");
