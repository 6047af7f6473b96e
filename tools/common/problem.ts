/** Something a check found: where, as a path from the repository root with a line if there is one, and what. */
export interface Problem {
  readonly where: string;
  readonly what: string;
}

/** Prints the problems, or one line that says what was checked, and sets the exit status. */
export function report(problems: readonly Problem[], checked: string): void {
  for (const { where, what } of problems) console.error(`${where}: ${what}`);
  console.log(problems.length === 0 ? checked : `${problems.length} problem(s).`);
  if (problems.length > 0) process.exitCode = 1;
}

/** True if this module was started as a program, not imported. */
export function isProgram(moduleFile: string): boolean {
  return process.argv[1] === moduleFile;
}
