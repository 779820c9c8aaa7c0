"""Han characters whose shape tells the language: simplified, traditional, Japanese.

Written for signs, menus, shops and transport, not as a full conversion table. A group holds one character's
three shapes in the order simplified, traditional, Japanese; where two are alike, that shape tells nothing
between them.
"""

_GROUPS = """
国國国 门門門 开開開 关關関 闭閉閉 进進進 过過過 还還還 这這這 东東東 车車車 马馬馬 鸟鳥鳥 鱼魚魚 龙龍竜 龟龜亀
长長長 张張張 说說説 话話話 语語語 请請請 谢謝謝 读讀読 谁誰誰 让讓譲 议議議 讲講講 记記記 设設設 许許許 访訪訪
证證証 诊診診 词詞詞 试試試 诚誠誠 误誤誤 谈談談 课課課 调調調 货貨貨 购購購 贵貴貴 买買買 卖賣売 费費費 赠贈贈
赛賽賽 资資資 质質質 负負負 财財財 责責責 账賬帳 贴貼貼 贝貝貝 员員員 团團団 园園園 图圖図 圆圓円 围圍囲 电電電
铁鐵鉄 银銀銀 钟鐘鐘 钱錢銭 铃鈴鈴 锁鎖鎖 锅鍋鍋 镜鏡鏡 针針針 钢鋼鋼 站站駅 线線線 级級級 纪紀紀 红紅紅 绿綠緑
组組組 终終終 经經経 结結結 给給給 统統統 继繼継 续續続 绳繩縄 维維維 网網網 纸紙紙 细細細 织織織 约約約 练練練
绘繪絵 绝絕絶 总總総 爱愛愛 恋戀恋 应應応 怀懷懐 恶惡悪 忆憶憶 态態態 惊驚驚 体體体 会會会 传傳伝 伤傷傷 价價価
优優優 众眾衆 伞傘傘 仅僅僅 从從従 备備備 复復復 处處処 头頭頭 顾顧顧 顶頂頂 项項項 须須須 顺順順 预預預 领領領
颜顏顔 题題題 类類類 风風風 飞飛飛 饭飯飯 饮飲飲 饼餅餅 饺餃餃 馆館館 饿餓餓 鲜鮮鮮 鸡雞鶏 鸭鴨鴨 麦麥麦 黄黃黄
黑黑黒 点點点 热熱熱 烧燒焼 烟煙煙 灯燈灯 灾災災 灭滅滅 炉爐炉 营營営 业業業 产產産 亚亞亜 严嚴厳 丽麗麗 举舉挙
义義義 乐樂楽 乡鄉郷 书書書 习習習 争爭争 为為為 办辦弁 单單単 卫衛衛 厅廳庁 历歷歴 压壓圧 厌厭厭 厕廁厠 发發発
变變変 双雙双 台臺台 叶葉葉 号號号 听聽聴 启啟啓 吗嗎嗎 呜嗚嗚 响響響 唤喚喚 场場場 块塊塊 坏壞壊 坚堅堅 垒壘塁
墙牆壁 声聲声 壳殼殻 壶壺壺 夹夾挟 夺奪奪 奖獎奨 妇婦婦 妈媽媽 娱娛娯 学學学 宁寧寧 实實実 宝寶宝 审審審 宽寬寛
对對対 导導導 专專専 将將将 寻尋尋 层層層 岁歲歳 岛島島 岭嶺嶺 币幣幣 帅帥帥 师師師 带帶帯 帮幫幫 广廣広 庆慶慶
库庫庫 废廢廃 异異異 弃棄棄 弯彎湾 弹彈弾 强強強 归歸帰 当當当 录錄録 彻徹徹 径徑径 户戶戸 执執執 扩擴拡 扫掃掃
扬揚揚 护護護 报報報 担擔担 拥擁擁 择擇択 挂掛掛 挡擋擋 损損損 换換換 据據拠 摄攝摂 数數数 断斷断 无無無 旧舊旧
时時時 显顯顕 晓曉暁 术術術 机機機 杂雜雑 权權権 条條条 来來来 杨楊楊 极極極 构構構 标標標 树樹樹 样樣様 桥橋橋
检檢検 楼樓楼 欢歡歓 气氣気 汉漢漢 汤湯湯 沟溝溝 没沒没 泽澤沢 济濟済 浅淺浅 测測測 浓濃濃 涂塗塗 润潤潤 涨漲漲
渔漁漁 湾灣湾 湿濕湿 满滿満 滩灘灘 滨濱浜 滞滯滞 灵靈霊 独獨独 猪豬豚 猫貓猫 献獻献 环環環 现現現 玛瑪瑪 画畫画
疗療療 疯瘋瘋 盐鹽塩 监監監 盘盤盤 着著着 矿礦鉱 码碼碼 砖磚磚 础礎礎 确確確 礼禮礼 祸禍禍 离離離 种種種 积積積
称稱称 税稅税 稳穩穏 穷窮窮 窃竊窃 竞競競 笔筆筆 签簽簽 简簡簡 篮籃籃 紧緊緊 罗羅羅 罚罰罰 职職職 联聯聯 肃肅粛
肠腸腸 肤膚膚 胜勝勝 胶膠膠 脏髒臓 脑腦脳 脚腳脚 脱脫脱 艺藝芸 节節節 苏蘇蘇 苹蘋苹 药藥薬 荐薦薦 荣榮栄 蓝藍藍
虑慮慮 虾蝦蝦 虫蟲虫 蛋蛋卵 补補補 装裝装 见見見 规規規 视視視 览覽覧 觉覺覚 触觸触 计計計 订訂訂 讯訊訊 评評評
译譯訳 询詢詢 该該該 详詳詳 谊誼誼 谨謹謹 赏賞賞 趋趨趨 跃躍躍 践踐践 踪蹤蹤 轨軌軌 转轉転 轮輪輪 软軟軟 轻輕軽
载載載 较較較 辆輛輛 辉輝輝 输輸輸 边邊辺 达達達 迁遷遷 运運運 远遠遠 违違違 连連連 迟遲遅 适適適 选選選 递遞逓
遗遺遺 邮郵郵 邻鄰隣 郑鄭鄭 酱醬醤 释釋釈 里裡里 钥鑰鍵 阅閱閲 间間間 闲閒閑 闹鬧騒 队隊隊 阳陽陽 阴陰陰 阶階階
际際際 陆陸陸 陈陳陳 险險険 随隨随 隐隱隠 难難難 雾霧霧 静靜静 韩韓韓 页頁頁 额額額 饰飾飾 驾駕駕 驶駛駛 验驗験
骑騎騎 鲁魯魯 鲸鯨鯨 齐齊斉 齿齒歯 两兩両 个個個 们們們 么麼麼 区區区 医醫医 华華華 协協協 卢盧盧 卷捲巻 厂廠廠
县縣県 叹嘆嘆 咸鹹塩 问問問 闻聞聞 宾賓賓 寿壽寿 届屆届 属屬属 屿嶼嶼 岗崗崗 峡峽峡 庄莊荘 庙廟廟 忧憂憂 恳懇懇
拟擬擬 拦攔攔 撑撐撐 摆擺擺 敌敵敵 斋齋斎 晒曬晒 杰傑傑 枪槍槍 柜櫃櫃 栏欄欄 档檔檔 梦夢夢 榄欖欖 毕畢畢 汇匯匯
泪淚涙 洁潔潔 洒灑洒 浆漿漿 浇澆澆 渐漸漸 温溫温 游遊遊 溃潰潰 烂爛爛 爷爺爺 牵牽牽 狮獅獅 痒癢痒 皱皺皺 盖蓋蓋
盗盜盗 睁睜睜 禅禪禅 绍紹紹 绩績績 缓緩緩 缘緣縁 编編編 缩縮縮 纯純純 纲綱綱 纤纖繊 聪聰聡 肿腫腫 肾腎腎 舱艙艙
茧繭繭 莲蓮蓮 获獲獲 蒋蔣蒋 蚀蝕蝕 袜襪靴 诗詩詩 谷穀穀 贩販販 赁賃賃 赵趙趙 辅輔輔 辞辭辞 郁鬱鬱 鉴鑒鑑 销銷銷
锦錦錦 键鍵鍵 镇鎮鎮 闸閘閘 阁閣閣 顽頑頑 饱飽飽 馅餡餡 驿驛駅 鲤鯉鯉 鳗鰻鰻 鹅鵝鵝 面麵麺 面麵麵
"""

# Shapes that are words of their own in another column: they tell nothing and are not folded.
_OWN_WORDS = frozenset("壁卵靴豚鍵塩芸騒弁咸面里谷着円湾浜隣帳挟游郁卷閑著燈藝澤濱猪画")

# Characters of Japanese signs that Chinese ones hardly use.
_JAPANESE_HABIT = frozenset("駅円込畑峠働辻枠匂丼〆々凪榊栃圏塀搾込")


def telling_characters() -> dict[str, frozenset[str]]:
    """Give for each of "zh-Hans", "zh-Hant", "ja" the characters that only it uses."""
    columns: tuple[set[str], set[str], set[str]] = (set(), set(), set())
    for group in _groups():
        for column, shape in zip(columns, group, strict=True):
            column.add(shape)
    simplified, traditional, japanese = columns
    return {
        "zh-Hans": frozenset(simplified - traditional - japanese - _JAPANESE_HABIT - _OWN_WORDS),
        "zh-Hant": frozenset(traditional - simplified - japanese - _OWN_WORDS),
        "ja": frozenset((japanese - simplified - traditional - _OWN_WORDS) | _JAPANESE_HABIT),
    }


def folded_shapes() -> dict[str, str]:
    """Give the traditional shape for each simplified and Japanese one: readers mix them up."""
    folded: dict[str, str] = {}
    for group in _groups():
        traditional = group[1]
        for shape in (group[0], group[2]):
            if shape != traditional and shape not in _OWN_WORDS:
                folded.setdefault(shape, traditional)
    return {shape: folded.get(target, target) for shape, target in folded.items()}


def _groups() -> list[str]:
    return [group for group in _GROUPS.split() if len(set(group)) > 1]
