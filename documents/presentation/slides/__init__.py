"""The slides, in the order they are shown."""

from documents.presentation.slides import closing, data, model, opening, service, trust

SLIDES = (*opening.SLIDES, *data.SLIDES, *model.SLIDES, *trust.SLIDES, *service.SLIDES, *closing.SLIDES)
