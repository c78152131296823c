import fs from 'node:fs';
import { inRepository } from '../../lib/repository.mjs';

const [begin, end] = ['<!-- figures -->', '<!-- /figures -->'];

/** The figures of a trial as the table of docs/deploy.md. */
export function table({ date, versions, image, build, start, again, memory, containers }) {
  const megabytes = (value) => `${Math.round(value)} MB`;
  const total = Object.values(memory).reduce((sum, value) => sum + value, 0);
  return [
    '| What | Measured |', '|---|---|',
    `| Date, versions | ${date}; ${versions} |`,
    `| Size of the image | ${megabytes(image)} (aim: 350 MB at most) |`,
    `| Memory of the idle stack | ${megabytes(total)} (aim: 500 MB at most): ${Object.entries(memory).map(([name, value]) => `${name} ${Math.round(value)}`).join(', ')} |`,
    `| Building the images, packages downloaded | ${build} |`,
    `| From \`up -d\` to the first page, empty volumes | ${start} |`,
    `| From \`up -d\` to the first page, everything there already | ${again} |`,
    `| Containers | ${containers}, none as root, all read-only, one with open ports |`,
  ].join('\n');
}

/** Puts the table in its place in docs/deploy.md. */
export function writeFigures(text) {
  const file = inRepository('docs/deploy.md');
  const page = fs.readFileSync(file, 'utf8');
  fs.writeFileSync(file, `${page.slice(0, page.indexOf(begin) + begin.length)}\n${text}\n${page.slice(page.indexOf(end))}`);
}
