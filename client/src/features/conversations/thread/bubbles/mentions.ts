/**
 * Shows `[@Name](mention://user/3/Name)` as the name. The server's Markdown leaves such links as text, for it lets only
 * web addresses through. What is taken over is text that the server has escaped already and that holds no tag.
 */
export function markMentions(html: string): string {
  return html.replace(/\[@([^\]<>]+)\]\(mention:\/\/(?:user|team)\/\d+\/[^)<>\s]*\)/g, '<span class="mention">@$1</span>');
}
