import { Module } from '@nestjs/common';
import { ArticlesController } from './articles/articles.controller.js';
import { SearchModule } from '../conversations/search/search.module.js';
import { ArticlesRepository } from './articles/articles.repository.js';
import { FindArticles } from './articles/find-articles.service.js';
import { CategoriesController } from './categories/categories.controller.js';
import { CategoriesRepository } from './categories/categories.repository.js';
import { ArticlePicturesController } from './pictures/article-pictures.controller.js';
import { SweepPictures } from './pictures/sweep-pictures.job.js';
import { ArticlePictures } from './pictures/article-pictures.service.js';
import { InPortal } from './portals/in-portal.service.js';
import { PortalsController } from './portals/portals.controller.js';
import { PortalsRepository } from './portals/portals.repository.js';
import { HelpCentrePages } from './public/help-centre-pages.service.js';
import { HelpCentreController } from './public/help-centre.controller.js';
import { OwnDomainsController } from './public/own-domains.controller.js';
import { OwnDomains } from './public/own-domains.service.js';

/** Help centres: what is written for people to find answers by themselves, and the pages they read it on. */
@Module({
  imports: [SearchModule],
  controllers: [PortalsController, CategoriesController, ArticlesController, HelpCentreController, OwnDomainsController, ArticlePicturesController],
  providers: [FindArticles, PortalsRepository, InPortal, CategoriesRepository, ArticlesRepository, ArticlePictures, SweepPictures, HelpCentrePages, OwnDomains],
})
export class KnowledgeBaseModule {}
