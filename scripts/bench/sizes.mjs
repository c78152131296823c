import { measure } from '../../widget/scripts/check-size.mjs';

/** What a visitor's browser downloads, gzip. */
export function benchSizes({ report }) {
  report.title('What a visitor downloads (gzip)');
  const { loader, chat, interactive, budgets } = measure();
  report.figure('loader', loader / 1000, 'kB', { atMost: budgets.loader / 1000 });
  report.figure('whole chat', chat / 1000, 'kB', { atMost: budgets.chat / 1000 });
  report.figure('what comes with the first question, cards or articles', interactive / 1000, 'kB', { atMost: budgets.interactive / 1000 });
}
