/** Exact decimal numbers from the strings that money comes as. No figure passes through a float. */

/** A number as whole units of a power of ten. */
export interface Decimal {
  readonly negative: boolean;
  /** The amount without its decimal point. */
  readonly units: bigint;
  /** How many of its digits stand behind the point. */
  readonly scale: number;
}

/** Read one; null: the text is no number. */
export function decimalOf(text: string): Decimal | null {
  const found = /^(-?)(\d+)(?:\.(\d*))?(?:[eE]([-+]?\d+))?$/.exec(text.trim());
  if (found === null) {
    return null;
  }
  const [, sign, whole, fraction = '', exponent = '0'] = found;
  const scale = fraction.length - Number(exponent);
  const units = BigInt(whole + fraction) * (scale < 0 ? 10n ** BigInt(-scale) : 1n);
  return { negative: sign === '-' && units !== 0n, units, scale: Math.max(0, scale) };
}

/** Whether an amount is below 10 to the power of `-places`. */
export function isBelow({ units, scale }: Decimal, places: number): boolean {
  return units * 10n ** BigInt(places) < 10n ** BigInt(scale);
}

/** The units at another scale, halves to even. */
export function rescaled({ units, scale }: Decimal, digits: number): bigint {
  if (scale <= digits) {
    return units * 10n ** BigInt(digits - scale);
  }
  const step = 10n ** BigInt(scale - digits);
  const [quotient, twice] = [units / step, (units % step) * 2n];
  const isUp = twice > step || (twice === step && quotient % 2n === 1n);
  return quotient + (isUp ? 1n : 0n);
}

/** Whether one number is above another; false where either is none. */
export function exceeds(one: string, other: string): boolean {
  const [a, b] = [decimalOf(one), decimalOf(other)];
  if (a === null || b === null) {
    return false;
  }
  const scale = Math.max(a.scale, b.scale);
  return signed(a, scale) > signed(b, scale);
}

/** Whether a text is a number that is zero. */
export function isZero(text: string): boolean {
  return decimalOf(text)?.units === 0n;
}

function signed(number: Decimal, scale: number): bigint {
  const units = rescaled(number, scale);
  return number.negative ? -units : units;
}
