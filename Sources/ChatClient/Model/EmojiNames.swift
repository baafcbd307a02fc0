/// Names of emoji as many programs have them between colons, the usual ones first.
enum EmojiNames {
    struct Entry: Equatable, Sendable {
        let name: String
        let emoji: String
    }

    /// Those whose name begins with `prefix`: the name itself first, then as in the table; then those with a later word that does.
    static func matches(_ prefix: String) -> [Entry] {
        let wanted = prefix.lowercased()
        guard !wanted.isEmpty else { return [] }
        var ranks: [[Entry]] = [[], [], []]
        for entry in table {
            if entry.name == wanted {
                ranks[0].append(entry)
            } else if entry.name.hasPrefix(wanted) {
                ranks[1].append(entry)
            } else if entry.name.split(separator: "_").contains(where: { $0.hasPrefix(wanted) }) {
                ranks[2].append(entry)
            }
        }
        return Array(ranks.joined())
    }

    static let table: [Entry] = {
        let words = text.split(whereSeparator: \.isWhitespace)
        return stride(from: 0, to: words.count - 1, by: 2).map { Entry(name: String(words[$0]), emoji: String(words[$0 + 1])) }
    }()

    private static let text = """
        smile 😄 smiley 😃 grin 😁 laughing 😆 joy 😂 rofl 🤣 sweat_smile 😅 slightly_smiling_face 🙂 upside_down_face 🙃 wink 😉
        blush 😊 innocent 😇 heart_eyes 😍 kissing_heart 😘 kissing 😗 yum 😋 stuck_out_tongue 😛 stuck_out_tongue_winking_eye 😜
        zany_face 🤪 hugs 🤗 hand_over_mouth 🤭 shushing_face 🤫 thinking 🤔 zipper_mouth_face 🤐 raised_eyebrow 🤨 neutral_face 😐
        expressionless 😑 no_mouth 😶 smirk 😏 unamused 😒 roll_eyes 🙄 grimacing 😬 lying_face 🤥 relieved 😌 pensive 😔 sleepy 😪
        drooling_face 🤤 sleeping 😴 mask 😷 face_with_thermometer 🤒 nauseated_face 🤢 vomiting_face 🤮 sneezing_face 🤧 hot_face 🥵
        cold_face 🥶 dizzy_face 😵 exploding_head 🤯 cowboy_hat_face 🤠 partying_face 🥳 sunglasses 😎 nerd_face 🤓 monocle_face 🧐
        confused 😕 worried 😟 slightly_frowning_face 🙁 open_mouth 😮 hushed 😯 astonished 😲 flushed 😳 pleading_face 🥺 frowning 😦
        anguished 😧 fearful 😨 cold_sweat 😰 disappointed_relieved 😥 cry 😢 sob 😭 scream 😱 confounded 😖 persevere 😣
        disappointed 😞 sweat 😓 weary 😩 tired_face 😫 yawning_face 🥱 triumph 😤 rage 😡 angry 😠 cursing_face 🤬 smiling_imp 😈
        imp 👿 skull 💀 poop 💩 clown_face 🤡 ghost 👻 alien 👽 space_invader 👾 robot 🤖 smiley_cat 😺 joy_cat 😹 heart_eyes_cat 😻
        see_no_evil 🙈 hear_no_evil 🙉 speak_no_evil 🙊 kiss 💋 love_letter 💌 heart ❤ orange_heart 🧡 yellow_heart 💛 green_heart 💚
        blue_heart 💙 purple_heart 💜 black_heart 🖤 white_heart 🤍 broken_heart 💔 two_hearts 💕 sparkling_heart 💖 heartbeat 💓
        cupid 💘 100 💯 anger 💢 boom 💥 dizzy 💫 sweat_drops 💦 dash 💨 bomb 💣 speech_balloon 💬 thought_balloon 💭 zzz 💤
        wave 👋 raised_hand ✋ vulcan_salute 🖖 ok_hand 👌 pinching_hand 🤏 v ✌ crossed_fingers 🤞 metal 🤘 call_me_hand 🤙
        point_left 👈 point_right 👉 point_up_2 👆 point_down 👇 point_up ☝ thumbsup 👍 +1 👍 thumbsdown 👎 -1 👎 fist ✊ punch 👊
        clap 👏 raised_hands 🙌 open_hands 👐 handshake 🤝 pray 🙏 writing_hand ✍ nail_care 💅 selfie 🤳 muscle 💪 ear 👂 nose 👃
        brain 🧠 eyes 👀 eye 👁 tongue 👅 baby 👶 boy 👦 girl 👧 man 👨 woman 👩 older_man 👴 older_woman 👵 cop 👮 detective 🕵
        guard 💂 ninja 🥷 prince 🤴 princess 👸 santa 🎅 mage 🧙 vampire 🧛 zombie 🧟 facepalm 🤦 shrug 🤷 bow 🙇 runner 🏃 dancer 💃
        walking 🚶 swimmer 🏊 family 👪 footprints 👣 monkey 🐒 monkey_face 🐵 gorilla 🦍 dog 🐶 poodle 🐩 wolf 🐺 fox_face 🦊 cat 🐱
        lion 🦁 tiger 🐯 horse 🐴 unicorn 🦄 cow 🐮 pig 🐷 mouse 🐭 hamster 🐹 rabbit 🐰 bear 🐻 koala 🐨 panda_face 🐼 sloth 🦥
        chicken 🐔 penguin 🐧 bird 🐦 eagle 🦅 duck 🦆 owl 🦉 frog 🐸 turtle 🐢 snake 🐍 dragon 🐉 t-rex 🦖 whale 🐳 dolphin 🐬 fish 🐟
        shark 🦈 octopus 🐙 crab 🦀 snail 🐌 butterfly 🦋 bug 🐛 ant 🐜 bee 🐝 beetle 🪲 spider 🕷 bouquet 💐 cherry_blossom 🌸 rose 🌹
        sunflower 🌻 tulip 🌷 seedling 🌱 evergreen_tree 🌲 palm_tree 🌴 cactus 🌵 herb 🌿 four_leaf_clover 🍀 maple_leaf 🍁
        fallen_leaf 🍂 mushroom 🍄 grapes 🍇 melon 🍈 watermelon 🍉 tangerine 🍊 lemon 🍋 banana 🍌 pineapple 🍍 apple 🍎 pear 🍐
        peach 🍑 cherries 🍒 strawberry 🍓 tomato 🍅 avocado 🥑 carrot 🥕 corn 🌽 hot_pepper 🌶 bread 🍞 croissant 🥐 cheese 🧀 egg 🥚
        bacon 🥓 hamburger 🍔 fries 🍟 pizza 🍕 hotdog 🌭 taco 🌮 burrito 🌯 popcorn 🍿 rice 🍚 ramen 🍜 sushi 🍣 icecream 🍦
        doughnut 🍩 cookie 🍪 birthday 🎂 cake 🍰 chocolate_bar 🍫 candy 🍬 honey_pot 🍯 milk_glass 🥛 coffee ☕ tea 🍵 champagne 🍾
        wine_glass 🍷 cocktail 🍸 beer 🍺 beers 🍻 clinking_glasses 🥂 earth_africa 🌍 earth_americas 🌎 earth_asia 🌏 volcano 🌋
        camping 🏕 house 🏠 office 🏢 hospital 🏥 school 🏫 factory 🏭 bridge_at_night 🌉 steam_locomotive 🚂 train 🚆 bus 🚌
        ambulance 🚑 fire_engine 🚒 police_car 🚓 taxi 🚕 car 🚗 truck 🚚 tractor 🚜 bike 🚲 construction 🚧 anchor ⚓ sailboat ⛵ ship 🚢
        airplane ✈ helicopter 🚁 rocket 🚀 flying_saucer 🛸 hourglass ⌛ watch ⌚ alarm_clock ⏰ stopwatch ⏱ new_moon 🌑 full_moon 🌕
        sun_with_face 🌞 star ⭐ star2 🌟 sunny ☀ cloud ☁ partly_sunny ⛅ thunder_cloud_and_rain ⛈ rainbow 🌈 umbrella ☔ zap ⚡
        snowflake ❄ snowman ⛄ comet ☄ fire 🔥 droplet 💧 ocean 🌊 jack_o_lantern 🎃 christmas_tree 🎄 fireworks 🎆 sparkles ✨
        balloon 🎈 tada 🎉 confetti_ball 🎊 ribbon 🎀 gift 🎁 ticket 🎫 trophy 🏆 medal_sports 🏅 1st_place_medal 🥇 soccer ⚽
        basketball 🏀 football 🏈 baseball ⚾ tennis 🎾 bowling 🎳 dart 🎯 video_game 🎮 game_die 🎲 jigsaw 🧩 chess_pawn ♟ art 🎨
        thread 🧵 yarn 🧶 eyeglasses 👓 tshirt 👕 jeans 👖 dress 👗 socks 🧦 shoe 👞 crown 👑 tophat 🎩 mortar_board 🎓 ring 💍 gem 💎
        mute 🔇 loudspeaker 📢 mega 📣 bell 🔔 no_bell 🔕 musical_note 🎵 notes 🎶 microphone 🎤 headphones 🎧 guitar 🎸 violin 🎻
        drum 🥁 iphone 📱 phone ☎ battery 🔋 electric_plug 🔌 computer 💻 desktop_computer 🖥 printer 🖨 keyboard ⌨ floppy_disk 💾
        cd 💿 movie_camera 🎥 tv 📺 camera 📷 mag 🔍 bulb 💡 flashlight 🔦 book 📖 books 📚 scroll 📜 newspaper 📰 bookmark 🔖
        moneybag 💰 dollar 💵 credit_card 💳 chart 💹 email 📧 envelope ✉ inbox_tray 📥 outbox_tray 📤 package 📦 mailbox 📫 pencil2 ✏
        memo 📝 briefcase 💼 file_folder 📁 calendar 📆 clipboard 📋 pushpin 📌 paperclip 📎 straight_ruler 📏 scissors ✂
        wastebasket 🗑 lock 🔒 unlock 🔓 key 🔑 hammer 🔨 axe 🪓 pick ⛏ wrench 🔧 nut_and_bolt 🔩 gear ⚙ balance_scale ⚖ link 🔗
        chains ⛓ magnet 🧲 test_tube 🧪 dna 🧬 microscope 🔬 telescope 🔭 satellite 📡 syringe 💉 pill 💊 door 🚪 bed 🛏 toilet 🚽
        broom 🧹 shopping_cart 🛒 coffin ⚰ moyai 🗿 atm 🏧 warning ⚠ no_entry ⛔ no_entry_sign 🚫 radioactive ☢ biohazard ☣
        arrow_up ⬆ arrow_right ➡ arrow_down ⬇ arrow_left ⬅ back 🔙 soon 🔜 top 🔝 peace_symbol ☮ yin_yang ☯ recycle ♻
        white_check_mark ✅ heavy_check_mark ✔ x ❌ question ❓ exclamation ❗ bangbang ‼ interrobang ⁉ infinity ♾ copyright ©
        registered ® tm ™ red_circle 🔴 orange_circle 🟠 yellow_circle 🟡 green_circle 🟢 large_blue_circle 🔵 purple_circle 🟣
        black_circle ⚫ white_circle ⚪ checkered_flag 🏁 triangular_flag_on_post 🚩 white_flag 🏳 rainbow_flag 🏳‍🌈 pirate_flag 🏴‍☠
        """
}
