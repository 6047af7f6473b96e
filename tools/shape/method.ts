import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';
import type { Problem } from '../common/problem.js';
import type { WorkspacePackage } from '../common/workspace.js';

/** `prune-soft-threshold` → `softThreshold`: the name a creator has if package.json declares none. */
function defaultCreator(folder: string): string {
  return folder.replace(/^prune-/, '').replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** What is wrong with the exports and the contract test of a method package. */
export function methodProblems(target: WorkspacePackage, compilerOptions: ts.CompilerOptions): Problem[] {
  const { folder, path, manifest } = target;
  const where = `packages/${folder}/src/index.ts`;
  const declared = manifest.espalier?.creators ?? [defaultCreator(folder)];
  const { creators, types } = readExports(join(path, 'src/index.ts'), compilerOptions);
  const problems: Problem[] = [];
  for (const name of declared) {
    const options = creators.get(name);
    if (options === undefined) {
      problems.push({ where, what: `must export the creator ${name}, a function that returns a PruningMethod` });
    } else if (!/Options$/.test(options) || !types.has(options)) {
      problems.push({ where, what: `must export the options type of ${name} under a name that ends in Options` });
    }
  }
  for (const name of creators.keys()) {
    if (!declared.includes(name)) {
      problems.push({
        where,
        what: `exports ${name}, a creator that package.json does not list in "espalier.creators"`,
      });
    }
  }
  const checked = contractTested(path);
  for (const name of declared) {
    if (!checked.some(call => call.has(name))) {
      problems.push({ where: `packages/${folder}`, what: `no test calls describeMethodContract with ${name}` });
    }
  }
  return problems;
}

interface Exports {
  /** Exported functions that return a `PruningMethod`, with the name of their first parameter's type. */
  readonly creators: ReadonlyMap<string, string>;
  /** Names of exported types. */
  readonly types: ReadonlySet<string>;
}

function readExports(index: string, compilerOptions: ts.CompilerOptions): Exports {
  const program = ts.createProgram([index], { ...compilerOptions, noEmit: true });
  const checker = program.getTypeChecker();
  const file = program.getSourceFile(index);
  const module = file && checker.getSymbolAtLocation(file);
  const creators = new Map<string, string>();
  const types = new Set<string>();
  for (const exported of module ? checker.getExportsOfModule(module) : []) {
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    if (symbol.flags & (ts.SymbolFlags.Interface | ts.SymbolFlags.TypeAlias)) types.add(exported.name);
    const [signature] = checker.getTypeOfSymbol(symbol).getCallSignatures();
    if (signature === undefined || signature.getReturnType().symbol?.name !== 'PruningMethod') continue;
    const [parameter] = signature.getParameters();
    const type = parameter && checker.getTypeOfSymbol(parameter);
    creators.set(exported.name, (type?.aliasSymbol ?? type?.symbol)?.name ?? '');
  }
  return { creators, types };
}

/** For every call of `describeMethodContract` in the package's tests, the identifiers in its arguments. */
function contractTested(path: string): ReadonlySet<string>[] {
  const calls: ReadonlySet<string>[] = [];
  for (const name of readdirSync(path, { recursive: true, encoding: 'utf8' })) {
    if (!/^(src|test)\/.*\.test\.ts$/.test(name)) continue;
    const file = join(path, name);
    const source = ts.createSourceFile(relative(path, file), readFileSync(file, 'utf8'), ts.ScriptTarget.ES2022, true);
    visitCalls(source, call => {
      if (call.expression.getText(source) === 'describeMethodContract') calls.push(identifiers(call.arguments));
    });
  }
  return calls;
}

function visitCalls(node: ts.Node, act: (call: ts.CallExpression) => void): void {
  if (ts.isCallExpression(node)) act(node);
  ts.forEachChild(node, child => visitCalls(child, act));
}

function identifiers(nodes: readonly ts.Node[]): ReadonlySet<string> {
  const names = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) names.add(node.text);
    ts.forEachChild(node, visit);
  };
  nodes.forEach(visit);
  return names;
}
