"""The 31 provinces as the labels see them: places, area codes, letters, and what each administration demands."""

from __future__ import annotations

from dataclasses import dataclass

_PLACES = """
北京|北京市|11|京|北京市/海淀区/010/8 北京市/朝阳区/010/8 北京市/密云区/010/8
天津|天津市|12|津|天津市/和平区/022/8 天津市/滨海新区/022/8
河北|河北省|13|冀|石家庄市/长安区/0311/8 唐山市/路北区/0315/7 保定市/竞秀区/0312/7
山西|山西省|14|晋|太原市/小店区/0351/7 大同市/平城区/0352/7
内蒙古|内蒙古自治区|15|蒙|呼和浩特市/赛罕区/0471/7 锡林郭勒盟/锡林浩特市/0479/7 鄂尔多斯市/东胜区/0477/7
辽宁|辽宁省|21|辽|沈阳市/和平区/024/8 大连市/中山区/0411/8
吉林|吉林省|22|吉|长春市/朝阳区/0431/8 延边朝鲜族自治州/延吉市/0433/7
黑龙江|黑龙江省|23|黑|哈尔滨市/南岗区/0451/8 大庆市/让胡路区/0459/7
上海|上海市|31|沪|上海市/浦东新区/021/8 上海市/徐汇区/021/8 上海市/崇明区/021/8
江苏|江苏省|32|苏|南京市/鼓楼区/025/8 苏州市/昆山市/0512/8
浙江|浙江省|33|浙|杭州市/西湖区/0571/8 金华市/义乌市/0579/8 温州市/苍南县/0577/8
安徽|安徽省|34|皖|合肥市/蜀山区/0551/8 芜湖市/镜湖区/0553/7
福建|福建省|35|闽|福州市/鼓楼区/0591/8 泉州市/晋江市/0595/8
江西|江西省|36|赣|南昌市/东湖区/0791/8 赣州市/章贡区/0797/7
山东|山东省|37|鲁|济南市/历下区/0531/8 青岛市/崂山区/0532/8
河南|河南省|41|豫|郑州市/金水区/0371/8 洛阳市/涧西区/0379/8
湖北|湖北省|42|鄂|武汉市/洪山区/027/8 恩施土家族苗族自治州/恩施市/0718/7 仙桃市//0728/7
湖南|湖南省|43|湘|长沙市/岳麓区/0731/8 湘西土家族苗族自治州/吉首市/0743/7
广东|广东省|44|粤|广州市/天河区/020/8 深圳市/南山区/0755/8 东莞市//0769/8
广西|广西壮族自治区|45|桂|南宁市/青秀区/0771/7 桂林市/七星区/0773/7
海南|海南省|46|琼|海口市/龙华区/0898/8 三亚市/吉阳区/0898/8 文昌市//0898/8
重庆|重庆市|50|渝|重庆市/渝中区/023/8 重庆市/巫溪县/023/8
四川|四川省|51|蜀|成都市/武侯区/028/8 凉山彝族自治州/西昌市/0834/7
贵州|贵州省|52|黔|贵阳市/南明区/0851/8 黔东南苗族侗族自治州/凯里市/0855/7
云南|云南省|53|滇|昆明市/五华区/0871/8 大理白族自治州/大理市/0872/7
西藏|西藏自治区|54|藏|拉萨市/城关区/0891/7 日喀则市/桑珠孜区/0892/7
陕西|陕西省|61|陕|西安市/雁塔区/029/8 榆林市/榆阳区/0912/7
甘肃|甘肃省|62|陇|兰州市/城关区/0931/7 临夏回族自治州/临夏市/0930/7
青海|青海省|63|青|西宁市/城西区/0971/7 海西蒙古族藏族自治州/格尔木市/0979/7
宁夏|宁夏回族自治区|64|宁|银川市/兴庆区/0951/7 固原市/原州区/0954/7
新疆|新疆维吾尔自治区|65|新|乌鲁木齐市/天山区/0991/7 伊犁哈萨克自治州/伊宁市/0999/7 石河子市//0993/7
"""


@dataclass(frozen=True)
class Place:
    """A county of a province, with its area code and how many digits a subscriber has there."""

    province: str
    full: str
    code: str
    letter: str
    city: str
    county: str
    area: str
    digits: int


def _read() -> dict[str, tuple[Place, ...]]:
    found = {}
    for line in filter(None, _PLACES.splitlines()):
        province, full, code, letter, cities = line.split("|")
        found[province] = tuple(
            Place(province, full, code, letter, city, county, area, int(digits))
            for city, county, area, digits in (entry.split("/") for entry in cities.split())
        )
    return found


PLACES = _read()
PROVINCES = tuple(PLACES)


def _these(provinces: str) -> frozenset[str]:
    return frozenset(provinces.split())


# What the administrations demand, from their rule pages of September 2019.
LEGAL_REPRESENTATIVE = frozenset(PROVINCES) - {"辽宁", "广西"}
LETTER_FOR_PRINCIPAL = _these("北京 江苏 四川 甘肃")
LETTER_FOR_SITE_PRINCIPAL = _these("上海 福建 湖北 湖南 贵州")
LOCAL_MOBILE = _these("辽宁 江苏 湖南 广西 陕西 甘肃")
LOCAL_MOBILE_INDIVIDUAL = LOCAL_MOBILE | {"天津"}
ONLY_LOCAL_ID = _these("山西 黑龙江 河南 重庆 云南 西藏 甘肃 青海 宁夏 新疆")
RESIDENCE_PERMIT = _these("内蒙古 吉林 上海 江苏 福建 湖北 四川 贵州")
LOCAL_ID_UNSAID = frozenset(PROVINCES) - ONLY_LOCAL_ID - RESIDENCE_PERMIT - {"江西"}
CITIZENS_BY_ID_CARD = _these("北京 黑龙江 海南 云南 西藏")
ONLY_LICENCE = _these("北京 天津 吉林 上海 江西 山东 河南 广西 海南 甘肃 宁夏")
ADULT_ORGANISATION = _these("天津 内蒙古 辽宁 吉林 山东 河南 湖北 湖南 重庆 四川")
ADULT_INDIVIDUAL = _these("天津 内蒙古 浙江 山东 湖南 四川 贵州")
HOLDER_SUBJECT_ONLY = _these("北京 山西 湖南 广东 广西 贵州 甘肃 新疆")
HOLDER_REPRESENTATIVE = _these("河北 吉林 黑龙江 江苏 安徽 福建 山东 云南 西藏 陕西 宁夏")
PRIVACY_OFF = _these("天津 上海 四川")
NO_FOREIGN_REGISTRAR = _these("北京 内蒙古 吉林 湖南 重庆")
DOMAIN_CERTIFICATE = _these("江苏 湖南")
ESTABLISHMENT_PROOF = _these("黑龙江 江西 云南 内蒙古")
STATEMENT_LISTED = _these("广东 西藏")
FINGERPRINT = _these("江西 新疆")
DAYS_LEFT = {"上海": 180}
"""More than so many days, 90 elsewhere."""
