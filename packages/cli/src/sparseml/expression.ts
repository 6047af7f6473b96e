/** Longest expression in characters, and deepest nesting of parentheses. */
const LONGEST = 1000;
const DEEPEST = 30;

/** What stands in `eval(…)`; `undefined` for texts that are no such thing. */
export function expressionIn(text: string): string | undefined {
  return /^\s*eval\(([\s\S]*)\)\s*$/.exec(text)?.[1];
}

/** An expression is none; the message says why, in a clause. */
export class ExpressionProblem extends Error {}

/**
 * The value of plain arithmetic: numbers and names with `+`, `-`, `*`, `/` and parentheses, and nothing else.
 *
 * @param text - The expression.
 * @param variable - Gives the value of a name; throws {@link ExpressionProblem} if there is none.
 * @throws {@link ExpressionProblem} if it is anything else, or the value is not finite.
 */
export function arithmetic(text: string, variable: (name: string) => number): number {
  if (text.length > LONGEST) throw new ExpressionProblem(`it has ${text.length} characters`);
  const tokens = [...text.matchAll(/\s*(?:(\d+\.?\d*(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?)|([a-z_]\w*)|(\S))/giy)];
  let at = 0;
  const symbol = (): string | undefined => tokens[at]?.[3];
  const sum = (depth: number): number => {
    let value = product(depth);
    for (let sign = symbol(); sign === '+' || sign === '-'; sign = symbol()) {
      at++;
      const right = product(depth);
      value = sign === '+' ? value + right : value - right;
    }
    return value;
  };
  const product = (depth: number): number => {
    let value = factor(depth);
    for (let sign = symbol(); sign === '*' || sign === '/'; sign = symbol()) {
      at++;
      const right = factor(depth);
      value = sign === '*' ? value * right : value / right;
    }
    return value;
  };
  const factor = (depth: number): number => {
    if (depth > DEEPEST) throw new ExpressionProblem('it is nested too deeply');
    const [, digits, name, sign] = tokens[at++] ?? [];
    if (digits !== undefined) return Number(digits);
    if (name !== undefined) return variable(name);
    if (sign === '-') return -factor(depth + 1);
    if (sign === '+') return factor(depth + 1);
    if (sign !== '(')
      throw new ExpressionProblem(sign === undefined ? 'something is missing at its end' : `${sign} is out of place`);
    const value = sum(depth + 1);
    if (symbol() !== ')') throw new ExpressionProblem('a closing parenthesis is missing');
    at++;
    return value;
  };
  const value = sum(0);
  const [left = ''] = tokens[at] ?? [];
  if (at < tokens.length) throw new ExpressionProblem(`${left.trim()} is out of place`);
  if (!Number.isFinite(value)) throw new ExpressionProblem('its value is not finite');
  return value;
}
