/** An account id that was checked to be one. A plain number is not assignable. */
export type AccountId = number & { readonly __account: unique symbol };

/** Brands a checked number as an account id. Throws RangeError on anything but a positive safe integer. */
export function accountId(value: number): AccountId {
  if (!Number.isSafeInteger(value) || value < 1) throw new RangeError('account id must be a positive integer');
  return value as AccountId;
}
