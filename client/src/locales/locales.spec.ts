import { describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const source = path.resolve(import.meta.dirname, '..');
const languages = ['en', 'es', 'fr', 'de', 'ar'];
const features = readdirSync(path.join(source, 'features')).map((feature) => path.join(source, 'features', feature, 'locales')).filter((folder) => existsSync(folder));
const folders = [path.join(source, 'locales'), ...features];

type Tree = { [key: string]: string | Tree };
const read = (folder: string, language: string) => JSON.parse(readFileSync(path.join(folder, `${language}.json`), 'utf8')) as Tree;
const flatten = (tree: Tree, prefix = ''): [string, string][] =>
  Object.entries(tree).flatMap(([key, value]) => (typeof value === 'string' ? [[prefix + key, value] as [string, string]] : flatten(value, `${prefix}${key}.`)));
const placeholders = (text: string) => [...new Set([...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]))].sort();

describe.each(folders)('%s', (folder) => {
  const english = flatten(read(folder, 'en'));

  it.each(languages)('has the same keys in %s as in English, none empty', (language) => {
    const words = flatten(read(folder, language));
    expect(words.map(([key]) => key).sort()).toEqual(english.map(([key]) => key).sort());
    expect(words.filter(([, text]) => !text.trim())).toEqual([]);
  });

  it.each(languages)('names the same values in %s as in English', (language) => {
    const words = new Map(flatten(read(folder, language)));
    const different = english.filter(([key, text]) => placeholders(text).join() !== placeholders(words.get(key) ?? '').join());
    expect(different).toEqual([]);
  });

  it.each(languages)('has no stray message syntax in %s', (language) => {
    // "@" starts a linked message; an unbalanced brace stops the compiler.
    const plain = (text: string) => text.replace(/\{(\w+|'[^']*')\}/g, '');
    const broken = flatten(read(folder, language)).filter(([, text]) => /[@{}]/.test(plain(text)));
    expect(broken).toEqual([]);
  });
});
