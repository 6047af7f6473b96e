import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import ts from 'typescript';

/** A property of an options object as its type declares it. */
export interface DeclaredOption {
  readonly name: string;
  /** Whether its type says in words that it may be `undefined`; always true of those that must be given. */
  readonly takesUndefined: boolean;
  /** Values of plain types that the declared type excludes. */
  readonly wrong: readonly unknown[];
}

/** A parameter of a public function that takes options. */
export interface OptionsParameter {
  /** Where it is imported from, such as `@espalier/core/tfjs`. */
  readonly module: string;
  /** Such as `magnitude`, `PruningSession.start`, `PruningSession#checkpoint` or `new Tree`. */
  readonly entry: string;
  readonly parameter: string;
  readonly options: readonly DeclaredOption[];
}

const root = resolve(import.meta.dirname, '../..');
const named = /^(options|limits|selection|rules|phase|lengths)$/;

/** Every parameter of every public function, static and method that is an object with options, read off the types. */
export function optionsParameters(): readonly OptionsParameter[] {
  const files = publicFiles();
  const program = ts.createProgram([...files.values()], { ...compilerOptions(), noEmit: true });
  const checker = program.getTypeChecker();
  const found: OptionsParameter[] = [];
  for (const [module, file] of files) {
    const source = program.getSourceFile(file);
    const symbol = source && checker.getSymbolAtLocation(source);
    for (const exported of symbol ? checker.getExportsOfModule(symbol) : []) {
      for (const [name, signature] of callables(exported, checker)) {
        for (const parameter of signature.getParameters()) {
          const options = declaredOptions(parameter, checker);
          if (options) found.push({ module, entry: name, parameter: parameter.name, options });
        }
      }
    }
  }
  return found;
}

/** Source of every public module by the name it is imported by. */
function publicFiles(): Map<string, string> {
  const files = new Map<string, string>();
  for (const folder of readdirSync(join(root, 'packages'))) {
    const path = join(root, 'packages', folder);
    if (!existsSync(join(path, 'package.json'))) continue;
    const { name, exports } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) as {
      name: string;
      exports: object;
    };
    for (const key of Object.keys(exports)) {
      if (key !== './package.json') files.set(name + key.slice(1), join(path, 'src', key.slice(1), 'index.ts'));
    }
  }
  return files;
}

function compilerOptions(): ts.CompilerOptions {
  const file = join(root, 'tsconfig.json');
  return ts.parseJsonConfigFileContent(
    ts.readConfigFile(file, ts.sys.readFile).config,
    { ...ts.sys, readDirectory: () => [] },
    root,
  ).options;
}

function callables(exported: ts.Symbol, checker: ts.TypeChecker): (readonly [string, ts.Signature])[] {
  const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
  if (!(symbol.flags & ts.SymbolFlags.Value) || /Error$/.test(exported.name)) return [];
  const type = checker.getTypeOfSymbol(symbol);
  const { name } = exported;
  const all: (readonly [string, ts.Signature])[] = type.getCallSignatures().map(signature => [name, signature]);
  const members = (of: ts.Type, sign: string): void => {
    for (const property of checker.getPropertiesOfType(of)) {
      const [declaration] = property.declarations ?? [];
      if (property.name === 'prototype' || !declaration?.getSourceFile().fileName.includes('/packages/')) continue;
      if (ts.getCombinedModifierFlags(declaration as ts.Declaration) & ts.ModifierFlags.Private) continue;
      for (const signature of checker.getTypeOfSymbol(property).getCallSignatures())
        all.push([`${name}${sign}${property.name}`, signature]);
    }
  };
  if (symbol.flags & ts.SymbolFlags.Class) {
    for (const signature of type.getConstructSignatures()) {
      const own = (signature as { readonly declaration?: ts.Declaration }).declaration;
      if (own && !(ts.getCombinedModifierFlags(own) & ts.ModifierFlags.Private)) all.push([`new ${name}`, signature]);
    }
    members(type, '.');
    members(checker.getDeclaredTypeOfSymbol(symbol), '#');
  } else if (symbol.flags & ts.SymbolFlags.Variable) members(type, '.');
  return all;
}

function declaredOptions(parameter: ts.Symbol, checker: ts.TypeChecker): readonly DeclaredOption[] | undefined {
  const whole = checker.getNonNullableType(checker.getTypeOfSymbol(parameter));
  const parts = (whole.isUnion() ? whole.types : [whole]).filter(
    part =>
      part.getCallSignatures().length === 0 &&
      part.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection) &&
      !checker.isArrayLikeType(part),
  );
  if (parts.length !== 1) return undefined;
  const [type] = parts as [ts.Type];
  const name = (type.aliasSymbol ?? type.symbol)?.name ?? '';
  const properties = checker.getPropertiesOfType(type);
  const own = properties.every(({ declarations }) =>
    declarations?.some(each => each.getSourceFile().fileName.includes('/packages/')),
  );
  const optional = properties.some(({ flags }) => flags & ts.SymbolFlags.Optional);
  if (!own || properties.length === 0) return undefined;
  if (!named.test(parameter.name) && !/(Options|Limits)$/.test(name) && !optional) return undefined;
  return properties.map(property => declaredOption(property, checker));
}

function declaredOption(property: ts.Symbol, checker: ts.TypeChecker): DeclaredOption {
  const type = checker.getTypeOfSymbol(property);
  const parts = type.isUnion() ? type.types : [type];
  const written = property.declarations?.some(declaration => {
    const node = ts.isPropertySignature(declaration) ? declaration.type : undefined;
    const named = node && checker.getTypeFromTypeNode(node);
    return (named?.isUnion() ? named.types : []).some(({ flags }) => flags & ts.TypeFlags.Undefined);
  });
  const takesUndefined = !(property.flags & ts.SymbolFlags.Optional) || written === true;
  return { name: property.name, takesUndefined, wrong: wrongFor(parts, checker) };
}

function wrongFor(parts: readonly ts.Type[], checker: ts.TypeChecker): readonly unknown[] {
  const has = (flags: ts.TypeFlags): boolean => parts.some(part => part.flags & flags);
  if (has(ts.TypeFlags.Any | ts.TypeFlags.Unknown | ts.TypeFlags.TypeParameter)) return [];
  const text = has(ts.TypeFlags.String);
  const array = parts.some(part => checker.isArrayLikeType(part) || part.getNumberIndexType());
  const callable = parts.some(part => part.getCallSignatures().length > 0);
  return [
    ...(has(ts.TypeFlags.NumberLike) ? [Number.NaN] : [7.25]),
    ...(text ? [] : ['constructor', '0.5']),
    ...(has(ts.TypeFlags.BooleanLike) ? [] : [true]),
    ...(has(ts.TypeFlags.Null) ? [] : [null]),
    ...(array ? [{}] : [[]]),
    ...(callable ? [] : [() => 0.5]),
  ];
}
