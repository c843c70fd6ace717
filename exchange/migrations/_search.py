"""The column that searches read, as it was when the first migrations were made. Frozen: a change of
exchange/tables/folding.py comes with a migration of its own."""

from django.db import models
from django.db.models.functions import Cast, Concat

# Each character, and what it is folded into; what has no counterpart goes.
FOLDED = (
    "abcdefghijklmnopqrstuvwxyz 0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛ"
    "ÜÝÞàáâãäåçèéêëìíîïñòóôõöøùúûüýÿĀāĂăĄąĆćĈĉĊċČčĎďĐđĒēĔĕĖėĘęĚěĜĝĞğĠġĢģĤĥĦĨĩĪīĬĭĮįİıĲĴĵĶķĹĺĻļĽ"
    "ľĿŁłŃńŅņŇňŊŌōŎŏŐőŒŔŕŖŗŘřŚśŜŝŞşŠšŢţŤťŦŨũŪūŬŭŮůŰűŲųŴŵŶŷŸŹźŻżŽžſƁƂƄƆƇƉƊƋƎƏƐƑƓƔƖƗƘƜƝƟƠơƢƤƦƧƩƬƮ"
    "ƯưƱƲƳƵƷƸƼǄǅǇǈǊǋǍǎǏǐǑǒǓǔǕǖǗǘǙǚǛǜǞǟǠǡǢǣǤǦǧǨǩǪǫǬǭǮǯǰǱǲǴǵǶǷǸǹǺǻǼǽǾǿȀȁȂȃȄȅȆȇȈȉȊȋȌȍȎȏȐȑȒȓȔȕȖȗȘșȚ"
    "țȜȞȟȠȢȤȦȧȨȩȪȫȬȭȮȯȰȱȲȳȺȻȽȾɁɃɄɅɆɈɊɌɎЀЁЂЃЄЅІЇЈЉЊЋЌЍЎЏАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдези"
    "йклмнопрстуфхцъыьэѐёђѓїјљњћќѝўџ\"`«´»ʼ‘’‚‛“”„‟′″‐‑‒–—―−\xa0\u2002\u2003\u2004\u2005\u2006"
    "\u2007\u2008\u2009\u200a\u202f\u3000\t\n\r\xad\u200b\u200c\u200d\u2060\ufeff"
)
INTO = (
    "abcdefghijklmnopqrstuvwxyz 0123456789abcdefghijklmnopqrstuvwxyzaaaaaaæceeeeiiiiðnoooooouuu"
    "uyþaaaaaaceeeeiiiinoooooouuuuyyaaaaaaccccccccddddeeeeeeeeeegggggggghhħiiiiiiiiiiĳjjkklllll"
    "lŀllnnnnnnŋooooooœrrrrrrssssssssttttŧuuuuuuuuuuuuwwyyyzzzzzzsɓƃƅɔƈɖɗƌǝəɛƒɠɣɩɨƙɯɲɵooƣƥʀƨʃƭʈ"
    "uuʊʋƴƶʒƹƽǆǆǉǉǌǌaaiioouuuuuuuuuuaaaaææǥggkkooooʒʒjǳǳggƕƿnnaaææooaaaaeeeeiiiioooorrrruuuusst"
    "tȝhhƞȣȥaaeeooooooooyyⱥȼƚⱦɂƀʉʌɇɉɋɍɏeedgєѕііjlnckiudabvgdeжziiklmnoprstufhcчшщ'y'eюяabvgdezi"
    "iklmnoprstufhc'y'eeedgіjlnckiud''''''''''''''''-------               "
)


def search_text(*columns):
    """The text of these columns, in small letters without diacritics."""
    text = models.TextField()
    parts = [part for column in columns for part in (Cast(column, text), models.Value(" "))]
    return models.GeneratedField(
        expression=models.Func(
            Concat(*parts, output_field=text),
            models.Value(FOLDED),
            models.Value(INTO),
            function="translate",
            output_field=text,
        ),
        output_field=text,
        db_persist=True,
    )
