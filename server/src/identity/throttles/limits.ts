import type { Throttle } from './throttles.service.js';

const MINUTE = 60;

/** Unsuccessful sign-ins of one network address. Successful ones are not counted: a whole office shares one address. */
export const SIGN_IN_BY_ADDRESS: Throttle = { name: 'sign-in-address', tries: 10, seconds: 5 * MINUTE };
/** Unsuccessful sign-ins with one mail address from one network address, whether the mail address exists or not. */
export const SIGN_IN_BY_PERSON_AND_ADDRESS: Throttle = { name: 'sign-in-person-address', tries: 5, seconds: 15 * MINUTE };
/** The same from all network addresses together. Who goes beyond only has to go slowly: strangers must not lock anybody out. */
export const SIGN_IN_BY_PERSON: Throttle = { name: 'sign-in-person', tries: 5, seconds: 15 * MINUTE };
/** How slowly: 1, 2, 4 … 60 seconds between tries. */
export const SIGN_IN_PACE = { name: 'sign-in-pace', longest: MINUTE };
/** Wrong second factors and wrong current passwords of one person, over all half-finished sign-ins and sessions. */
export const CODES_BY_PERSON: Throttle = { name: 'codes', tries: 5, seconds: 15 * MINUTE };
export const RESET_BY_ADDRESS: Throttle = { name: 'reset-address', tries: 5, seconds: 30 * MINUTE };
export const RESET_BY_MAIL: Throttle = { name: 'reset-mail', tries: 5, seconds: 60 * MINUTE };
/** Guesses of invitation, reset and set-up tokens. */
export const TOKENS_BY_ADDRESS: Throttle = { name: 'tokens-address', tries: 30, seconds: 5 * MINUTE };
