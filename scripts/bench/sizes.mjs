import { measure } from '../../widget/scripts/check-size.mjs';

/** What a visitor's browser downloads, gzip. */
export function benchSizes({ report }) {
  report.title('What a visitor downloads (gzip)');
  const { loader, chat, budgets } = measure();
  report.figure('loader', loader / 1000, 'kB', { atMost: budgets.loader / 1000 });
  report.figure('whole chat', chat / 1000, 'kB', { atMost: budgets.chat / 1000 });
}
