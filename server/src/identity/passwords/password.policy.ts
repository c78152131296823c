import { Problem } from '../../platform/http/problem.js';
import { commonWords } from './common-words.js';
import { normalised } from './password-hash.js';

const SHORTEST = 12;
const LONGEST = 128;
const FEWEST_DIFFERENT = 5;
/** Digits and signs alone: twelve of them are tried out in minutes. */
const SHORTEST_NUMBER = 20;

/** Refuses passwords that are too short, too long or easily guessed. Throws 422 naming the field; never hashes. Context: name, address, account. */
export function demandGoodPassword(password: string, context: string[], field = 'password'): void {
  const text = normalised(password);
  const length = [...text].length;
  if (length < SHORTEST) throw refused(field, `The password needs at least ${SHORTEST} characters. A few words in a row are easy to remember.`, 'password_short');
  if (length > LONGEST) throw refused(field, `The password can have at most ${LONGEST} characters.`, 'password_long');
  if (isGuessable(text, context)) throw refused(field, 'This password is easy to guess. A few unrelated words in a row are better.', 'password_guessable');
}

/** The code is for pages that say it in their own language. */
const refused = (field: string, message: string, code: string): Problem => new Problem('invalid', message, { attributes: [field], body: { error_code: code } });

/** Whether a guesser's usual recipes make it: one or two known words, dressed up with digits and signs, or keys in a row. */
export function isGuessable(password: string, context: string[] = []): boolean {
  const lower = plain(password);
  if (new Set(lower).size < FEWEST_DIFFERENT || isRepeated(lower)) return true;
  const words = new Set([...commonWords, ...contextWords(context)]);
  return [lower, unleeted(lower)].some((form) => {
    const letters = form.replace(/[^\p{L}]/gu, '');
    const others = [...form].length - [...letters].length;
    // Digits and signs around a guessable core add little; more than eight of them are a secret of their own unless in a row.
    if (letters === '') return /^[ -~]*$/.test(form) && form.length < SHORTEST_NUMBER;
    if (others > 8 && !isRow(form.replace(/[^\d]/g, ''))) return false;
    return isMadeOf(letters, words, 2) || isRow(letters);
  }) || isRow(lower);
}

/** Lower case without accents: Núñez guesses nunez. */
const plain = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').normalize('NFC').toLowerCase();

const LEET: Record<string, string> = { 0: 'o', 1: 'i', 3: 'e', 4: 'a', 5: 's', 7: 't', 8: 'b', '@': 'a', $: 's', '!': 'i', '+': 't', '€': 'e' };
/** `p@ssw0rd` read as `password`; digits at the end stay digits. */
const unleeted = (text: string): string => text.replace(/[\d!]+$/, '').replace(/[013457 8@$!+€]/g, (sign) => LEET[sign] ?? sign);

const isRepeated = (text: string): boolean => /^(.{1,6})\1+.{0,2}$/su.test(text) || /^(.{7,})\1+$/su.test(text);

function contextWords(context: string[]): string[] {
  const whole = context.flatMap((text) => plain(text).split(/[^\p{L}\p{N}]+/u));
  const joined = context.map((text) => plain(text).replace(/[^\p{L}]/gu, ''));
  return [...whole, ...joined].map((word) => word.replace(/[^\p{L}]/gu, '')).filter((word) => word.length >= 2);
}

/** Whether the text is so many words at most, one after the other. */
function isMadeOf(text: string, words: Set<string>, most: number): boolean {
  if (words.has(text)) return true;
  if (most === 1) return false;
  for (let at = 1; at < text.length; at++) {
    if (words.has(text.slice(0, at)) && isMadeOf(text.slice(at), words, most - 1)) return true;
  }
  return false;
}

const ROWS = ['abcdefghijklmnopqrstuvwxyz', '01234567890', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm', 'qwertzuiop', 'yxcvbnm', 'azertyuiop', 'qsdfghjklm', 'wxcvbn',
  '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p', 'qazwsxedcrfvtgbyhnujmikolp', '1q2w3e4r5t6y7u8i9o0p', 'q1w2e3r4t5y6u7i8o9p0', 'zaq1xsw2cde3vfr4bgt5nhy6mju7', '1a2b3c4d5e6f7g8h9i'];
const ALL_ROWS = ROWS.flatMap((row) => [row + row, [...row + row].reverse().join('')]);
const SHORTEST_ROW = 3;

/** Whether the text is put together of keys or letters in a row, each piece at least three long. */
function isRow(text: string): boolean {
  if (text === '') return false;
  let at = 0;
  while (at < text.length) {
    let piece = 0;
    for (const row of ALL_ROWS) {
      let length = piece + 1;
      while (at + length <= text.length && row.includes(text.slice(at, at + length))) length++;
      piece = Math.max(piece, length - 1);
    }
    const same = /^(.)\1*/su.exec(text.slice(at))![0].length;
    piece = Math.max(piece, same);
    if (piece < SHORTEST_ROW && at + piece < text.length) return false;
    at += piece;
  }
  return true;
}
