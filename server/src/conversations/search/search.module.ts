import { Module } from '@nestjs/common';
import { ArticleFinder } from './article-finder.js';
import { IndexMessageSubscriber } from './index-message.subscriber.js';
import { MessageSearchRepository } from './message-search.repository.js';
import { SearchController } from './search.controller.js';
import { SearchRepository } from './search.repository.js';

/** Finding what was said, and who said it. */
@Module({ controllers: [SearchController], providers: [ArticleFinder, MessageSearchRepository, SearchRepository, IndexMessageSubscriber], exports: [ArticleFinder, MessageSearchRepository] })
export class SearchModule {}
