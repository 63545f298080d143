#!/usr/bin/env node
/*
 * Stands in for the GitHub CLI, as far as the drift workflow uses it: issues with a title, which are open or closed, in
 * the file GH_ISSUES. It takes `--jq` for the number of the open issue with the title TITLE, and evaluates nothing. It
 * does not prove that gh knows these options, nor what GitHub does with them.
 */
"use strict";
const { readFileSync, writeFileSync } = require("node:fs");

const [, , what, action, ...rest] = process.argv;
const option = (name) => rest[rest.indexOf(name) + 1];
const issues = JSON.parse(readFileSync(process.env.GH_ISSUES, "utf8"));
const open = issues.find(({ title, state }) => title === process.env.TITLE && state === "open");
if (what !== "issue" || process.env.GH_TOKEN === undefined) process.exit(4);
if (action === "list") console.log(open?.number ?? "");
else if (action === "create")
  issues.push({
    number: issues.length + 1,
    title: option("--title"),
    body: readFileSync(option("--body-file"), "utf8"),
    state: "open",
  });
else if (action === "edit") issues[Number(rest[0]) - 1].body = readFileSync(option("--body-file"), "utf8");
else if (action === "close") Object.assign(issues[Number(rest[0]) - 1], { state: "closed", last: option("--comment") });
else process.exit(4);
writeFileSync(process.env.GH_ISSUES, JSON.stringify(issues));
