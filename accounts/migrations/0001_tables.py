"""People of the back office, letters and those outside who get some."""

import django.utils.timezone
from django.conf import settings
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import migrations, models

from audit.migrations._shapes import AUDIT_KEY, ID, VERSION, audited, counted

# A name as it is compared: each capital and its small letter; what has no counterpart goes. Frozen:
# a change of accounts/folding.py comes with a migration of its own.
CAPITALS = (
    "İıẞABCDEFGHIJKLMNOPQRSTUVWXYZÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞĀĂĄĆĈĊČĎĐĒĔĖĘĚĜĞĠĢĤĦĨĪĬĮĲĴĶĹĻĽĿ"
    "ŁŃŅŇŊŌŎŐŒŔŖŘŚŜŞŠŢŤŦŨŪŬŮŰŲŴŶŸŹŻŽſƁƂƄƆƇƉƊƋƎƏƐƑƓƔƖƗƘƜƝƟƠƢƤƦƧƩƬƮƯƱƲƳƵƷƸƼǄǅǇǈǊǋǍǏǑǓǕǗǙǛǞǠǢǤǦǨǪǬ"
    "ǮǱǲǴǶǷǸǺǼǾȀȂȄȆȈȊȌȎȐȒȔȖȘȚȜȞȠȢȤȦȨȪȬȮȰȲȺȻȽȾɁɃɄɅɆɈɊɌɎͅͰͲͶͿΆΈΉΊΌΎΏΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩΪΫςϏϐ"
    "ϑϕϖϘϚϜϞϠϢϤϦϨϪϬϮϰϱϴϵϷϹϺϽϾϿЀЁЂЃЄЅІЇЈЉЊЋЌЍЎЏАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯѠѢѤѦѨѪѬѮѰѲѴѶѸѺѼѾҀ"
    "ҊҌҎҐҒҔҖҘҚҜҞҠҢҤҦҨҪҬҮҰҲҴҶҸҺҼҾӀӁӃӅӇӉӋӍӐӒӔӖӘӚӜӞӠӢӤӦӨӪӬӮӰӲӴӶӸӺӼӾԀԂԄԆԈԊԌԎԐԒԔԖԘԚԜԞԠԢԤԦԨԪԬԮԱԲԳԴԵԶԷ"
    "ԸԹԺԻԼԽԾԿՀՁՂՃՄՅՆՇՈՉՊՋՌՍՎՏՐՑՒՓՔՕՖᲐᲑᲒᲓᲔᲕᲖᲗᲘᲙᲚᲛᲜᲝᲞᲟᲠᲡᲢᲣᲤᲥᲦᲧᲨᲩᲪᲫᲬᲭᲮᲯᲰᲱᲲᲳᲴᲵᲶᲷᲸᲹᲺᲽᲾᲿḀḂḄḆḈḊḌḎḐḒḔḖḘ"
    "ḚḜḞḠḢḤḦḨḪḬḮḰḲḴḶḸḺḼḾṀṂṄṆṈṊṌṎṐṒṔṖṘṚṜṞṠṢṤṦṨṪṬṮṰṲṴṶṸṺṼṾẀẂẄẆẈẊẌẎẐẒẔẛẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔ"
    "ỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸỺỼỾἈἉἊἋἌἍἎἏἘἙἚἛἜἝἨἩἪἫἬἭἮἯἸἹἺἻἼἽἾἿὈὉὊὋὌὍὙὛὝὟὨὩὪὫὬὭὮὯᾸᾹᾺΆιῈΈῊΉῘῙῚΊῨῩῪΎῬῸΌῺ"
    "Ώ\x01\x02\x03\x04\x05\x06\x07\x08\t\n\x0b\x0c\r\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17"
    "\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f \x85\xad\u1680\u180e\u200b\u200c\u200d\u200e\u200f\u2028"
    "\u2029\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062\u2063\u2064\u2065\u2066\u2067\u2068"
    "\u2069\ufeff"
)
SMALL = (
    "iißabcdefghijklmnopqrstuvwxyzàáâãäåæçèéêëìíîïðñòóôõöøùúûüýþāăąćĉċčďđēĕėęěĝğġģĥħĩīĭįĳĵķĺļľŀ"
    "łńņňŋōŏőœŕŗřśŝşšţťŧũūŭůűųŵŷÿźżžsɓƃƅɔƈɖɗƌǝəɛƒɠɣɩɨƙɯɲɵơƣƥʀƨʃƭʈưʊʋƴƶʒƹƽǆǆǉǉǌǌǎǐǒǔǖǘǚǜǟǡǣǥǧǩǫǭ"
    "ǯǳǳǵƕƿǹǻǽǿȁȃȅȇȉȋȍȏȑȓȕȗșțȝȟƞȣȥȧȩȫȭȯȱȳⱥȼƚⱦɂƀʉʌɇɉɋɍɏιͱͳͷϳάέήίόύώαβγδεζηθικλμνξοπρστυφχψωϊϋσϗβ"
    "θφπϙϛϝϟϡϣϥϧϩϫϭϯκρθεϸϲϻͻͼͽѐёђѓєѕіїјљњћќѝўџабвгдежзийклмнопрстуфхцчшщъыьэюяѡѣѥѧѩѫѭѯѱѳѵѷѹѻѽѿҁ"
    "ҋҍҏґғҕҗҙқҝҟҡңҥҧҩҫҭүұҳҵҷҹһҽҿӏӂӄӆӈӊӌӎӑӓӕӗәӛӝӟӡӣӥӧөӫӭӯӱӳӵӷӹӻӽӿԁԃԅԇԉԋԍԏԑԓԕԗԙԛԝԟԡԣԥԧԩԫԭԯաբգդեզէ"
    "ըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆაბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰჱჲჳჴჵჶჷჸჹჺჽჾჿḁḃḅḇḉḋḍḏḑḓḕḗḙ"
    "ḛḝḟḡḣḥḧḩḫḭḯḱḳḵḷḹḻḽḿṁṃṅṇṉṋṍṏṑṓṕṗṙṛṝṟṡṣṥṧṩṫṭṯṱṳṵṷṹṻṽṿẁẃẅẇẉẋẍẏẑẓẕṡạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổ"
    "ỗộớờởỡợụủứừửữựỳỵỷỹỻỽỿἀἁἂἃἄἅἆἇἐἑἒἓἔἕἠἡἢἣἤἥἦἧἰἱἲἳἴἵἶἷὀὁὂὃὄὅὑὓὕὗὠὡὢὣὤὥὦὧᾰᾱὰάιὲέὴήῐῑὶίῠῡὺύῥὸόὼ"
    "ώ"
)


def folded(column):
    text = models.TextField()
    one_form = models.Func(column, template="normalize(%(expressions)s, NFKC)", output_field=text)
    small = models.Func(
        one_form, models.Value(CAPITALS), models.Value(SMALL), function="translate",
        output_field=text,
    )
    return models.Func(
        small, models.Value("ß"), models.Value("ss"), function="replace", output_field=text
    )


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("accounts", "0001_initial"), ("accounts", "0003_one_person"),
        ("accounts", "0004_letters"), ("accounts", "0005_drafts"),
        ("accounts", "0006_letters_say_what_failed"), ("accounts", "0007_subscribers"),
    ]
    dependencies = [("auth", "0012_alter_user_first_name_max_length"), ("audit", "0001_tables")]

    operations = [
        migrations.CreateModel(
            "User",
            fields=[
                ("id", ID),
                ("password", models.CharField("password", max_length=128)),
                ("last_login", models.DateTimeField("last login", blank=True, null=True)),
                ("is_superuser", models.BooleanField("superuser status", default=False,
                    help_text="Designates that this user has all permissions without explicitly "
                        "assigning them.")),
                ("username", models.CharField("username", max_length=150, unique=True,
                    help_text="Required. 150 characters or fewer. Letters, digits and @/./+/-/_ "
                        "only.", validators=[UnicodeUsernameValidator()],
                    error_messages={"unique": "A user with that username already exists."})),
                ("first_name", models.CharField("first name", max_length=150, blank=True)),
                ("last_name", models.CharField("last name", max_length=150, blank=True)),
                ("email", models.EmailField("email address", max_length=254, blank=True)),
                ("is_staff", models.BooleanField("staff status", default=False,
                    help_text="Designates whether the user can log into this admin site.")),
                ("is_active", models.BooleanField("active", default=True,
                    help_text="Designates whether this user should be treated as active. "
                        "Unselect this instead of deleting accounts.")),
                ("date_joined", models.DateTimeField("date joined",
                    default=django.utils.timezone.now)),
                ("language", models.CharField("language", max_length=2, default="en",
                    choices=[("lv", "Latviešu"), ("en", "English")],
                    help_text="The language of the back office for this person.")),
                ("reminders_wanted", models.BooleanField("reminders by e-mail", default=True,
                    help_text="Of what waits for the person: on Mondays, and when a date comes "
                        "near.")),
                ("audit_key", AUDIT_KEY),
                ("version", VERSION),
                ("groups", models.ManyToManyField("auth.group", verbose_name="groups", blank=True,
                    help_text="The groups this user belongs to. A user will get all permissions "
                        "granted to each of their groups.", related_name="user_set",
                    related_query_name="user")),
                ("user_permissions", models.ManyToManyField("auth.permission",
                    verbose_name="user permissions", blank=True,
                    help_text="Specific permissions for this user.", related_name="user_set",
                    related_query_name="user")),
            ],
            options={
                "verbose_name": "user", "verbose_name_plural": "users", "abstract": False,
                "constraints": [
                    models.CheckConstraint(condition=models.Q(language__in=["lv", "en"]),
                        name="user_language_is_one_we_speak",
                        violation_error_message="The language is Latvian (lv) or English (en)."),
                    models.UniqueConstraint(folded(models.F("username")),
                        name="user_name_is_one_persons",
                        violation_error_message="Somebody has this user name already: capital "
                            "and small letters count as the same. Choose another one."),
                    models.UniqueConstraint(folded(models.F("email")),
                        name="user_email_is_one_persons", condition=~models.Q(email=""),
                        violation_error_message="Somebody has this e-mail address already, and "
                            "mails must reach one person. Enter another one."),
                ],
            },
        ),
        counted("accounts.User", "last_login"),
        audited("accounts.User", personal=("username", "first_name", "last_name", "email"),
            secret=("password",), left_out=("last_login", "audit_key")),

        migrations.CreateModel(
            "LastCode",
            fields=[
                ("user", models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE,
                    primary_key=True, serialize=False, related_name="last_code")),
                ("step", models.BigIntegerField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(step__gte=0),
                        name="lastcode_step_is_not_before_1970"),
                ],
            },
        ),

        migrations.CreateModel(
            "Draft",
            fields=[
                ("id", ID),
                ("owner", models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE,
                    verbose_name="person", related_name="+")),
                ("address", models.CharField("address", max_length=2000)),
                ("digest", models.CharField("digest", max_length=64)),
                ("sealed", models.BinaryField("what was typed, sealed")),
                ("kept_at", models.DateTimeField("kept at")),
            ],
            options={
                "verbose_name": "draft", "verbose_name_plural": "drafts",
                "constraints": [
                    models.UniqueConstraint(fields=("owner", "address", "digest"),
                        name="draft_is_kept_once",
                        violation_error_message="This draft is kept already."),
                ],
            },
        ),

        migrations.CreateModel(
            "Subscriber",
            fields=[
                ("id", ID),
                ("email", models.EmailField("e-mail address", max_length=254)),
                ("language", models.CharField("language", max_length=2,
                    choices=[("lv", "Latviešu"), ("en", "English")],
                    help_text="The language of the letters.")),
                ("entered_at", models.DateTimeField("entered", default=django.utils.timezone.now,
                    editable=False)),
                ("confirmed_at", models.DateTimeField("confirmed", null=True, editable=False)),
                ("month", models.DateField("month of the last letter", null=True, editable=False)),
                ("audit_key", AUDIT_KEY),
            ],
            options={
                "verbose_name": "address for heads", "verbose_name_plural": "addresses for heads",
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(folded(models.F("email")),
                        name="subscriber_address_is_entered_once",
                        violation_error_message="This address is in the list already."),
                    models.CheckConstraint(condition=models.Q(language__in=["lv", "en"]),
                        name="subscriber_language_is_one_we_speak",
                        violation_error_message="The language is Latvian (lv) or English (en)."),
                    models.CheckConstraint(
                        condition=models.Q(month=None) | models.Q(confirmed_at__isnull=False),
                        name="subscriber_confirms_before_the_first_letter",
                        violation_error_message="An address that is not confirmed gets no heads."),
                ],
            },
        ),
        audited("accounts.Subscriber", personal=("email",), left_out=("month", "audit_key")),

        migrations.CreateModel(
            "Letter",
            fields=[
                ("id", ID),
                ("user", models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE,
                    verbose_name="person", null=True, related_name="letters")),
                ("subscriber", models.ForeignKey("accounts.subscriber", models.CASCADE,
                    verbose_name="address for heads", blank=True, null=True,
                    related_name="letters")),
                ("kind", models.CharField("kind", max_length=10,
                    choices=[("invitation", "invitation"), ("reset", "new password"),
                        ("reminder", "reminder"), ("confirm", "question to confirm the address"),
                        ("heads", "heads of a month")])),
                ("key", models.CharField("cause", max_length=80, unique=True)),
                ("since", models.DateField("tells of days from", blank=True, null=True)),
                ("on", models.DateField("day", blank=True, null=True)),
                ("state", models.CharField("state", max_length=10, default="waiting",
                    choices=[("waiting", "waits to be sent"),
                        ("handed", "may have arrived: the mail server never answered"),
                        ("sent", "sent: the mail server took it"), ("refused", "not sent: refused"),
                        ("dropped", "not sent: not needed any more")])),
                ("entered_at", models.DateTimeField("entered")),
                ("next_try_at", models.DateTimeField("next try", blank=True, null=True)),
                ("tries", models.PositiveSmallIntegerField("failed tries", default=0)),
                ("handed_at", models.DateTimeField("handed over", blank=True, null=True)),
                ("sent_at", models.DateTimeField("sent", blank=True, null=True)),
                ("reason", models.TextField("reason", blank=True)),
            ],
            options={
                "verbose_name": "letter", "verbose_name_plural": "letters", "ordering": ["-pk"],
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(next_try_at__isnull=False, state="waiting")
                        | models.Q(next_try_at=None,
                            state__in=["handed", "sent", "refused", "dropped"]),
                        name="letter_waits_for_its_next_try",
                        violation_error_message="A letter that waits, and no other, has a next "
                            "try."),
                    models.CheckConstraint(condition=models.Q(sent_at__isnull=False, state="sent")
                        | (~models.Q(state="sent") & models.Q(sent_at=None)),
                        name="letter_that_is_sent_says_when",
                        violation_error_message="A letter that is sent, and no other, says when."),
                    models.CheckConstraint(
                        condition=models.Q(
                            kind__in=["invitation", "reset", "reminder", "confirm", "heads"]),
                        name="letter_kind_is_one_we_write",
                        violation_error_message="We write no letters of this kind."),
                    models.CheckConstraint(
                        condition=models.Q(user=None) | models.Q(subscriber=None),
                        name="letter_has_one_reader",
                        violation_error_message="A letter goes to a person or to a subscriber."),
                ],
            },
        ),
    ]
