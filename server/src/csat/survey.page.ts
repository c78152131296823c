import type { CsatDisplay } from '../inboxes/csat-config.dto.js';
import { escapePage as escape, plainPage } from '../platform/pages/plain-page.js';
import type { SurveyWords } from './csat.words.js';

/** What the page shows: the question with what was answered before, thanks, or why there is nothing to answer. */
export interface SurveyPage {
  language: string; words: SurveyWords;
  state: 'ask' | 'thanks' | 'over' | 'missing';
  survey?: { inboxName: string; avatarUrl: string; question: string; display: CsatDisplay; rating: number | null; feedback: string; mayChange: boolean };
  problem?: string;
}

const FACES = ['😞', '😕', '😐', '😊', '😄'];
const STYLE = `header{display:flex;gap:12px;align-items:center;color:#57534e;font-size:14px}
header img{width:32px;height:32px;border-radius:50%}fieldset{border:0;margin:0;padding:0;min-width:0}legend{padding:0}
.choices{display:flex;gap:6px;margin-bottom:20px}.choices label{flex:1;min-width:0;cursor:pointer;text-align:center;font-size:12px;line-height:1.3;color:#57534e}
.choices input{position:absolute;opacity:0}.face{display:block;font-size:28px;line-height:1;padding:12px 0;margin-bottom:4px;border:2px solid #d6d3d1;border-radius:12px}
.choices label:hover .face{border-color:#a8a29e}.choices input:checked+.face{border-color:#b45309;background:#fef3c7;color:#292524}.choices input:checked~.name{font-weight:600;color:#292524}
.choices input:focus-visible+.face{outline:3px solid #f59e0b;outline-offset:2px}.name{display:block;overflow-wrap:anywhere;hyphens:auto}
textarea{display:block;width:100%;min-height:96px;margin:6px 0 20px;padding:10px;font:inherit;color:inherit;background:transparent;border:1px solid #a8a29e;border-radius:8px}
textarea:focus-visible{outline:3px solid #f59e0b;outline-offset:2px}
.problem{border-inline-start:4px solid #dc2626;background:#fef2f2;color:#7f1d1d;padding:8px 12px;border-radius:4px}blockquote{margin:12px 0;padding-inline-start:12px;border-inline-start:3px solid #d6d3d1;white-space:pre-wrap;overflow-wrap:anywhere}
.given{font-size:40px;line-height:1;margin:0 0 8px}
@media(prefers-color-scheme:dark){header,.choices label{color:#a8a29e}.face{border-color:#57534e}
.choices input:checked+.face{background:#451a03;border-color:#fbbf24;color:#fde68a}.choices input:checked~.name{color:#fafaf9}textarea{border-color:#78716c}.problem{background:#450a0a;color:#fecaca}blockquote{border-color:#57534e}}`;

const faceOf = (display: CsatDisplay, rating: number): string => (display === 'star' ? '★'.repeat(rating) : FACES[rating - 1]!);

/** The whole page. */
export function surveyPage(page: SurveyPage): string {
  const { words } = page;
  return plainPage({
    language: page.language, title: `${page.state === 'missing' ? words.missing : words.title}${page.survey ? ` · ${page.survey.inboxName}` : ''}`,
    body: `${page.survey ? headerOf(page.survey) : ''}${bodyOf(page)}`, style: STYLE,
  });
}

const headerOf = ({ avatarUrl, inboxName }: NonNullable<SurveyPage['survey']>): string =>
  `<header>${avatarUrl ? `<img src="${escape(avatarUrl)}" alt="">` : ''}<bdi>${escape(inboxName)}</bdi></header>`;

function bodyOf({ state, words, survey, problem }: SurveyPage): string {
  if (!survey || state === 'missing') return `<h1>${escape(words.missing)}</h1><p>${escape(words.missingMore)}</p>`;
  if (state === 'ask') return formOf(survey, words, problem);
  const given = survey.rating === null ? '' : `<p class="given" role="img" aria-label="${escape(`${words.ratings[survey.rating - 1]!}, ${words.outOf.replace('{n}', String(survey.rating))}`)}">${faceOf(survey.display, survey.rating)}</p>`;
  const said = survey.feedback ? `<blockquote dir="auto">${escape(survey.feedback)}</blockquote>` : '';
  if (state === 'over') return `<h1>${escape(words.over)}</h1>${given}${said}`;
  return `<h1>${escape(words.thanks)}</h1>${given}${said}<p role="status">${escape(words.thanksMore)}</p>${survey.mayChange ? `<p><a href="?change=1">${escape(words.change)}</a></p>` : ''}`;
}

function formOf(survey: NonNullable<SurveyPage['survey']>, words: SurveyWords, problem: string | undefined): string {
  const choices = words.ratings.map((name, n) => `<label><input type="radio" name="rating" value="${n + 1}" required${survey.rating === n + 1 ? ' checked' : ''} aria-label="${escape(`${name}, ${words.outOf.replace('{n}', String(n + 1))}`)}">`
    + `<span class="face" aria-hidden="true">${survey.display === 'star' ? `${n + 1} ★` : FACES[n]}</span><span class="name" aria-hidden="true">${escape(name)}</span></label>`).join('');
  return `<form method="post" action="?"><fieldset${problem ? ' aria-describedby="problem"' : ''}><legend><h1 dir="auto">${escape(survey.question)}</h1></legend>${problem ? `<p class="problem" id="problem" role="alert">${escape(problem)}</p>` : ''}
<div class="choices">${choices}</div></fieldset><label for="comment">${escape(words.comment)}</label><textarea id="comment" name="feedback_message" maxlength="10000" dir="auto">${escape(survey.feedback)}</textarea>
<button type="submit">${escape(words.send)}</button></form>`;
}
