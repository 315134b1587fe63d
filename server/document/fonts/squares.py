"""Makes squares.ttf, a font for tests: `python3 squares.py` with fonttools. Its glyphs are squares of different sizes."""

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen

CHARACTERS = "株式会社東京ア\U0010fa11אבגדה"


def square(size):
    pen = TTGlyphPen(None)
    pen.moveTo((80, 0))
    for point in [(80, size), (80 + size, size), (80 + size, 0)]:
        pen.lineTo(point)
    pen.closePath()
    return pen.glyph()


names = [f"square{number}" for number in range(len(CHARACTERS))]
glyphs = {".notdef": square(100)} | {name: square(300 + 60 * number) for number, name in enumerate(names)}
font = FontBuilder(1000, isTTF=True)
font.setupGlyphOrder(list(glyphs))
font.setupCharacterMap({ord(character): name for character, name in zip(CHARACTERS, names)})
font.setupGlyf(glyphs)
font.setupHorizontalMetrics({name: (1000, 80) for name in glyphs})
font.setupHorizontalHeader(ascent=880, descent=-120)
font.setupNameTable({"familyName": "Squares", "styleName": "Regular", "psName": "Squares-Regular"})
font.setupOS2(sTypoAscender=880, sTypoDescender=-120, fsType=0)
font.setupPost()
font.font.recalcTimestamp = False
font.font["head"].created = font.font["head"].modified = 0
font.save("squares.ttf")
