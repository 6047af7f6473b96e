import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import type { Problem } from '../common/problem.js';
import type { Example } from './collect.js';

/** An example as a module on disk. */
export interface ExampleModule {
  readonly example: Example;
  /** Absolute path of the TypeScript module. */
  readonly source: string;
  /** Absolute path of the JavaScript module that Node can run. */
  readonly program: string;
}

/** Lines put before the code of an example: where it stands. */
const HEADER_LINES = 1;

/** Writes every example as a module of its own into an emptied folder. */
export function writeExamples(examples: readonly Example[], folder: string): ExampleModule[] {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return examples.map(example => {
    const name = `${example.file.replace(/[^\w-]+/g, '-')}-${example.line}`;
    const source = join(folder, `${name}.ts`);
    const program = join(folder, `${name}.mjs`);
    const text = `// ${example.file}:${example.line}\n${example.code}\nexport {};\n`;
    writeFileSync(source, text);
    writeFileSync(program, ts.transpileModule(text, { compilerOptions: runnable, fileName: source }).outputText);
    return { example, source, program };
  });
}

const runnable: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  verbatimModuleSyntax: true,
  inlineSourceMap: true,
};

/** Type-checks all modules in one program; a problem names the line of the original. */
export function typeProblems(modules: readonly ExampleModule[], options: ts.CompilerOptions): Problem[] {
  const sources = modules.map(({ source }) => source);
  const program = ts.createProgram(sources, { ...options, noEmit: true, declaration: false });
  return modules.flatMap(({ example, source }) => {
    const file = program.getSourceFile(source);
    if (file === undefined) throw new Error(`${source} was not compiled.`);
    const diagnostics = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
    return diagnostics.map(({ start = 0, code, messageText }) => {
      const line = example.line + ts.getLineAndCharacterOfPosition(file, start).line - HEADER_LINES;
      return {
        where: `${example.file}:${line}`,
        what: `TS${code} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
      };
    });
  });
}
