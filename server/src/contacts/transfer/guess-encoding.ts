import type { Encoding } from './table-file.js';

/* Old spreadsheet programs write one byte for a letter and do not say in which alphabet. The names and places in a file tell: only in the right one do they look like words. */

/** Letters of languages that are written with these bytes. The first encoding of those that fit equally well is taken. */
const LATIN: [Encoding, string[]][] = [
  ['windows-1252', ['äöüß', 'àâçèéêëîïôœùûü', 'áéíñóúü', 'áâãàçéêíóôúü', 'àèéìíòóùú', 'åäöæøéü', 'ëïéèöüó']],
  ['windows-1250', ['áčďéěíňóřšťúůýž', 'áäčďéíĺľňóôŕšťúýž', 'ąćęłńóśźż', 'áéíóöőúüű', 'čćđšž', 'ăâîşţ']],
  ['windows-1254', ['çğıöşüâîûi̇']],
  ['windows-1252', ['áéíóúýðþæö']],
];
const WORD = /[\p{L}\p{M}'’]+/gu;
const isUpper = (letter: string): boolean => letter !== letter.toLowerCase();

/** How much of what is not ASCII looks like words of a language that is written with an alphabet of its own, from 0 to 1. */
function scoreOfScript(text: string, script: RegExp, weigh: (word: string) => number): number {
  let [all, fits] = [0, 0];
  for (const [word] of text.matchAll(WORD)) {
    const letters = [...word].filter((letter) => letter > '\x7f');
    all += letters.length;
    // Nobody mixes alphabets inside a word, nor writes capitals behind small letters.
    if (letters.length === [...word].length && letters.every((letter) => script.test(letter)) && !/\p{Ll}\p{Lu}/u.test(word)) fits += letters.length * weigh(word);
  }
  return all === 0 ? 0 : fits / all - strange(text) / all;
}

/** The same for a language that adds letters to the Latin ones: those stand among plain letters, seldom beside each other. */
function scoreOfLatin(text: string, letters: string): number {
  const known = new Set([...letters]);
  let [all, fits] = [0, 0];
  for (const [word] of text.matchAll(WORD)) {
    const spelled = [...word];
    spelled.forEach((letter, i) => {
      if (letter <= '\x7f') return;
      all++;
      const isCrowded = (spelled[i - 1] ?? 'a') > '\x7f' || (spelled[i + 1] ?? 'a') > '\x7f';
      const isCapitalInside = i > 0 && isUpper(letter) && !isUpper(spelled[i - 1]!);
      if (known.has(letter.toLowerCase()) || letter === 'İ' && known.has('ı')) fits += isCapitalInside ? 0 : isCrowded ? 0.3 : 1;
    });
  }
  return all === 0 ? 0 : fits / all - strange(text) / all;
}

/** Signs before letters, figures inside words, and bytes that mean nothing: what comes of reading in the wrong alphabet. */
const strange = (text: string): number => [...text.matchAll(/[^\p{L}\p{M}\p{P}\p{Z}\p{N}\p{Cc}\x00-\x7f](?=\p{L})|(?<=\p{L})[¹²³¼½¾¿¡ªº](?=\p{L})|[\ufffd\x80-\x9f]/gu)].length;

const SCRIPTS: [Encoding, RegExp, (word: string) => number][] = [
  // Hebrew has letters of their own for the ends of words. Names begin with a capital; a small letter at the beginning is likelier another alphabet.
  ['windows-1251', /[а-яёіїєґўјљњћђџ]/i, (word) => (isUpper(word[0]!) ? 1 : 0.8)], ['koi8-r', /[а-яё]/i, (word) => (isUpper(word[0]!) && !isUpper(word.at(-1)!) ? 0.99 : 0.7)],
  ['windows-1253', /[α-ωάέήίόύώϊϋςΑ-ΩΆΈΉΊΌΎΏ]/, (word) => (/[άέήίόύώ]/.test(word) || !/\p{Ll}/u.test(word) ? 1 : 0.7)],
  ['windows-1255', /[א-ת]/, (word) => (/[םןךףץ]./.test(word) || /.[מנכפצ]$/.test(word) ? 0.5 : 0.9)], ['windows-1256', /[ء-ي]/, () => 0.95],
];
const GOOD_ENOUGH = 0.9;

/** As far as the sample goes: it may end inside a character. (Asked for a whole text, older Nodes take windows-1252 for Latin-1.) */
const read = (encoding: Encoding, sample: Buffer): string => new TextDecoder(encoding).decode(sample, { stream: true });

/** Whether a text that can be read as Shift_JIS is Japanese: its words are of one kind of sign. Narrow katakana say nothing: other alphabets have them on the same bytes. */
export function looksJapanese(sample: Buffer): boolean {
  let [all, fits] = [0, 0];
  for (const [word] of read('shift_jis', sample).matchAll(/[^\x00-@[-`{-\x7f\p{P}\p{Z}]+/gu)) {
    if (/^(?:[\x00-\x7f]+|[\uff66-\uff9f]+)$/.test(word)) continue;
    all += word.length;
    if (/^(?:[\u3005\u3040-\u30ff\u4e00-\u9fff]|[\uff10-\uff5a])+$/.test(word)) fits += word.length;
  }
  return all > 0 && fits / all >= GOOD_ENOUGH;
}

/** The encoding in which a text with one byte for a letter looks most like words. Without any sign it is the one of Western Europe. */
export function guessEncoding(sample: Buffer): Encoding {
  let best: { encoding: Encoding; score: number } = { encoding: 'windows-1252', score: 0.05 };
  const offer = (encoding: Encoding, score: number): void => { if (score > best.score + 0.001) best = { encoding, score }; };
  for (const [encoding, languages] of LATIN) {
    const text = read(encoding, sample);
    for (const letters of languages) offer(encoding, scoreOfLatin(text, letters));
  }
  for (const [encoding, script, weigh] of SCRIPTS) offer(encoding, scoreOfScript(new TextDecoder(encoding).decode(sample), script, weigh));
  return best.encoding;
}
