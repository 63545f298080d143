// The program as the engine loads it: index.ts, compiled once.
"use strict";
module.exports = async () => (await require("./compiled.js").load("index.ts"))();
